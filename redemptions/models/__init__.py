from redemptions.models.check import NightlyCheck
from redemptions.models.hold import Hold
from redemptions.models.order import Order, OrderItem, OrderStatus
from redemptions.models.redemption import ChannelType, Redemption, RedemptionRollback, Result
from redemptions.models.returns import OrderReturn, ReturnShare
from redemptions.models.usage import UsageCounter

__all__ = [
    "ChannelType",
    "Hold",
    "NightlyCheck",
    "Order",
    "OrderItem",
    "OrderReturn",
    "OrderStatus",
    "Redemption",
    "RedemptionRollback",
    "Result",
    "ReturnShare",
    "UsageCounter",
]
