"""Pages of orders, redemptions and rollbacks."""

from redemptions.admin import order, redemption, rollback

__all__ = ["order", "redemption", "rollback"]
