"""Pages of campaigns, codes, promotions and all that decides about them."""

from campaigns.admin import (
    apology,
    budget,
    campaign,
    category,
    holidays,
    jurisdiction,
    promotion_stack,
    promotion_tier,
    publication,
    stacking,
    validation_rule,
    voucher,
)

__all__ = [
    "apology",
    "budget",
    "campaign",
    "category",
    "holidays",
    "jurisdiction",
    "promotion_stack",
    "promotion_tier",
    "publication",
    "stacking",
    "validation_rule",
    "voucher",
]
