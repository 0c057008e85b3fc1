"""Pages of orders, redemptions and rollbacks, and what they add to those of campaigns."""

from redemptions.admin import hold, order, redemption, rollback, tier_figures

__all__ = ["hold", "order", "redemption", "rollback", "tier_figures"]
