"""Pages of categories, campaigns, codes and publications."""

from campaigns.admin import campaign, category, publication, voucher

__all__ = ["campaign", "category", "publication", "voucher"]
