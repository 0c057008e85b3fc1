"""Pages of orders, redemptions and rollbacks, and what they add to those of campaigns."""

from redemptions.admin import limit_use, order, redemption, rollback, tier_figures

__all__ = ["limit_use", "order", "redemption", "rollback", "tier_figures"]
