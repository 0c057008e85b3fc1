from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from loyalty_project.core.models import HasMetadata, ProjectOwned, PublicIdField


class OrderStatus(models.TextChoices):
    CREATED = "CREATED", _("Created")
    PAID = "PAID", _("Paid")
    CANCELED = "CANCELED", _("Canceled")
    FULFILLED = "FULFILLED", _("Fulfilled")


class Order(ProjectOwned, HasMetadata):
    """An order of a customer. All amounts in minor units.

    `amount` is the value of the items; `discount_amount` the cumulative discount on the whole
    order, `items_discount_amount` that on items; `total_amount = amount − both`. What gift cards
    paid is among these as published, and `credits_amount` says how much of them it is.
    """

    public_id = PublicIdField("ord_")
    source_id = models.CharField(_("source id"), max_length=255, null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=OrderStatus.choices, default=OrderStatus.CREATED
    )
    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.SET_NULL,
        null=True,
        related_name="orders",
        db_index=False,
        verbose_name=_("customer"),
    )
    referrer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("referrer"),
    )
    initial_amount = models.BigIntegerField(_("initial amount"), null=True)
    amount = models.BigIntegerField(_("amount"), null=True)
    discount_amount = models.BigIntegerField(_("discount on the order"), default=0)
    items_discount_amount = models.BigIntegerField(_("discount on items"), default=0)
    credits_amount = models.BigIntegerField(_("paid by gift card"), default=0)
    total_amount = models.BigIntegerField(_("to pay"), null=True)
    paid_at = models.DateTimeField(_("paid"), null=True)

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        permissions: ClassVar = [("rollback_order", "Can take orders back, whole or in part")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "source_id"], name="redemptions_order_source_id"
            ),
            models.CheckConstraint(
                condition=models.Q(total_amount__isnull=True) | models.Q(total_amount__gte=0),
                name="redemptions_order_total_positive",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["project", "-created_at", "-id"], name="redemptions_order_recent"),
            models.Index(fields=["customer", "-created_at"], name="redemptions_order_customer"),
        ]

    def __str__(self) -> str:
        return self.source_id or self.public_id

    @property
    def total_discount_amount(self) -> int:
        return self.discount_amount + self.items_discount_amount

    @property
    def tax_base(self) -> int | None:
        """What tax is due on: discounts lower it, gift cards are money and do not."""
        return None if self.total_amount is None else self.total_amount + self.credits_amount


class OrderItem(ProjectOwned, HasMetadata):
    """A line of an order; product and SKU by raw ids, so that a line outlives its product."""

    public_id = PublicIdField("ordli_")
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveIntegerField()
    source_id = models.CharField(_("source id"), max_length=255, blank=True)
    related_object = models.CharField(_("kind"), max_length=8, blank=True)
    product_id = models.CharField(_("product"), max_length=255, blank=True)
    sku_id = models.CharField(_("SKU"), max_length=255, blank=True)
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    price = models.BigIntegerField(_("price"), null=True)
    amount = models.BigIntegerField(_("amount"), null=True)
    initial_quantity = models.PositiveIntegerField(null=True)
    initial_amount = models.BigIntegerField(null=True)
    discount_amount = models.BigIntegerField(_("discount"), default=0)
    discount_quantity = models.PositiveIntegerField(_("free units"), default=0)
    product = models.JSONField(null=True)
    sku = models.JSONField(null=True)

    class Meta:
        verbose_name = _("order item")
        verbose_name_plural = _("order items")
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order", "position"], name="redemptions_orderitem_position"
            )
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.source_id or self.product_id}"
