"""Pages of categories, stacking, campaigns, codes and publications."""

from campaigns.admin import campaign, category, publication, stacking, voucher

__all__ = ["campaign", "category", "publication", "stacking", "voucher"]
