"""From rows to what the engine evaluates, field by field."""

from campaigns.snapshots.codes import FREE, Held, missing, redeemable
from campaigns.snapshots.promotions import missing_tier, promotion_tier
from campaigns.snapshots.stacking import stacking, stacking_of

__all__ = [
    "FREE",
    "Held",
    "missing",
    "missing_tier",
    "promotion_tier",
    "redeemable",
    "stacking",
    "stacking_of",
]
