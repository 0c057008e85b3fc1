from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from loyalty_project.core.models import ProjectOwned, PublicIdField
from redemptions.models.order import Order
from redemptions.models.redemption import ChannelType, Redemption


class OrderReturn(ProjectOwned):
    """Goods of an order that came back; a record of fact. Amounts in minor units.

    `amount` is their value before discounts, `refund_amount` what was paid for them in money,
    `credits_amount` by gift card. `items` are the units of each line with their part of it.
    """

    public_id = PublicIdField("ret_")
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="returns", verbose_name=_("order")
    )
    items = models.JSONField(default=list)
    amount = models.BigIntegerField(_("value"), default=0)
    discount_amount = models.BigIntegerField(_("discount"), default=0)
    credits_amount = models.BigIntegerField(_("back to gift cards"), default=0)
    refund_amount = models.BigIntegerField(_("back in money"), default=0)
    is_whole = models.BooleanField(_("nothing is left"), default=False)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    channel_type = models.CharField(
        _("channel"), max_length=12, choices=ChannelType.choices, default=ChannelType.API
    )
    channel_id = models.CharField(_("by"), max_length=64, blank=True)
    returned_at = models.DateTimeField(_("returned"))

    class Meta:
        verbose_name = _("return")
        verbose_name_plural = _("returns")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(
                    amount__gte=0,
                    discount_amount__gte=0,
                    credits_amount__gte=0,
                    refund_amount__gte=0,
                ),
                name="redemptions_return_positive",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["project", "-returned_at", "-id"], name="redemptions_return_recent"
            )
        ]

    def __str__(self) -> str:
        return self.public_id


class ReturnShare(ProjectOwned):
    """The part of one redemption in a return: `amount` = `on_order` + Σ `on_lines`, by line id.

    `counted` is the part of the order amount that limits count for the redemption.
    """

    order_return = models.ForeignKey(OrderReturn, on_delete=models.PROTECT, related_name="shares")
    redemption = models.ForeignKey(
        Redemption, on_delete=models.PROTECT, related_name="return_shares"
    )
    amount = models.BigIntegerField(_("amount"), default=0)
    on_order = models.BigIntegerField(default=0)
    on_lines = models.JSONField(default=dict)
    counted = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("share of a return")
        verbose_name_plural = _("shares of returns")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order_return", "redemption"], name="redemptions_share_once"
            ),
            models.CheckConstraint(
                condition=models.Q(amount__gte=0, on_order__gte=0, counted__gte=0),
                name="redemptions_share_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.redemption_id} {self.amount}"
