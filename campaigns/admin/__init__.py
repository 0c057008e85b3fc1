"""Pages of categories, campaigns, codes, promotions and publications."""

from campaigns.admin import (
    campaign,
    category,
    promotion_stack,
    promotion_tier,
    publication,
    voucher,
)

__all__ = [
    "campaign",
    "category",
    "promotion_stack",
    "promotion_tier",
    "publication",
    "voucher",
]
