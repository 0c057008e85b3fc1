"""Pages of categories, campaigns, codes, publications and validation rules."""

from campaigns.admin import campaign, category, publication, validation_rule, voucher

__all__ = ["campaign", "category", "publication", "validation_rule", "voucher"]
