"""Pages of categories, stacking, campaigns, codes, promotions and publications."""

from campaigns.admin import (
    campaign,
    category,
    promotion_stack,
    promotion_tier,
    publication,
    stacking,
    voucher,
)

__all__ = [
    "campaign",
    "category",
    "promotion_stack",
    "promotion_tier",
    "publication",
    "stacking",
    "voucher",
]
