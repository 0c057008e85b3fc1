"""Pages of orders, redemptions and rollbacks, and what they add to those of campaigns."""

from redemptions.admin import order, redemption, rollback, tier_figures

__all__ = ["order", "redemption", "rollback", "tier_figures"]
