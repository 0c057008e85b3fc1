from typing import ClassVar

from django.db import models
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull
from django.utils.translation import gettext_lazy as _

from loyalty_project.core.models import HasMetadata, ProjectOwned, PublicIdField


class Result(models.TextChoices):
    SUCCESS = "SUCCESS", _("Succeeded")
    FAILURE = "FAILURE", _("Refused")


class ChannelType(models.TextChoices):
    API = "API", _("API")
    USER = "USER", _("Person")
    AUTO_REDEEM = "AUTO_REDEEM", _("Automatic")


class Redemption(ProjectOwned, HasMetadata):
    """A use of a code, or a refused try; a record of fact.

    A request with several redeemables makes one parent (no voucher, no tier) and a child for each.
    `discount` is what was promised, `applied_amount` what it took off in minor units, `order_json`
    the order after this step, `decision` the facts and definition versions it was decided on.
    `returned_*` is the part of returned goods; `returned_total` that of the order after this step.
    """

    public_id = PublicIdField("r_")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    voucher = models.ForeignKey(
        "campaigns.Voucher",
        on_delete=models.PROTECT,
        null=True,
        related_name="redemptions",
        db_index=False,
        verbose_name=_("code"),
    )
    promotion_tier = models.ForeignKey(
        "campaigns.PromotionTier",
        on_delete=models.PROTECT,
        null=True,
        related_name="redemptions",
        db_index=False,
        verbose_name=_("promotion tier"),
    )
    campaign = models.ForeignKey(
        "campaigns.Campaign",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("campaign"),
    )
    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.SET_NULL,
        null=True,
        related_name="redemptions",
        db_index=False,
        verbose_name=_("customer"),
    )
    order = models.ForeignKey(
        "redemptions.Order",
        on_delete=models.PROTECT,
        null=True,
        related_name="redemptions",
        verbose_name=_("order"),
    )
    code = models.CharField(_("code as typed"), max_length=255, blank=True)
    tracking_id = models.CharField(_("tracking id"), max_length=255, blank=True)
    session_key = models.CharField(_("session"), max_length=255, blank=True)
    result = models.CharField(
        _("result"), max_length=8, choices=Result.choices, default=Result.SUCCESS
    )
    failure_code = models.CharField(_("failure"), max_length=60, blank=True)
    failure_message = models.TextField(_("failure message"), blank=True)
    discount = models.JSONField(null=True)
    applied_amount = models.BigIntegerField(_("discount"), default=0)
    credits_amount = models.BigIntegerField(_("paid by gift card"), null=True)
    returned_discount = models.BigIntegerField(_("discount of what was returned"), default=0)
    returned_credits = models.BigIntegerField(_("given back to the gift card"), default=0)
    returned_total = models.BigIntegerField(default=0)
    order_json = models.JSONField(null=True)
    decision = models.JSONField(default=dict)
    channel_type = models.CharField(
        _("channel"), max_length=12, choices=ChannelType.choices, default=ChannelType.API
    )
    channel_id = models.CharField(_("by"), max_length=64, blank=True)
    redeemed_at = models.DateTimeField(_("redeemed"))
    rolled_back_at = models.DateTimeField(_("rolled back"), null=True)

    class Meta:
        verbose_name = _("redemption")
        verbose_name_plural = _("redemptions")
        permissions: ClassVar = [("rollback_redemption", "Can roll back redemption")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(
                    returned_discount__gte=0,
                    returned_discount__lte=models.F("applied_amount"),
                    returned_credits__gte=0,
                    returned_credits__lte=Coalesce("credits_amount", 0),
                ),
                name="redemptions_returned_no_more",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["project", "-redeemed_at", "-id"], name="redemptions_recent"),
            models.Index(fields=["voucher", "-redeemed_at"], name="redemptions_voucher"),
            models.Index(
                fields=["promotion_tier", "-redeemed_at"],
                name="redemptions_tier",
                condition=models.Q(promotion_tier__isnull=False),
            ),
            models.Index(fields=["campaign", "-redeemed_at"], name="redemptions_campaign"),
            models.Index(fields=["customer", "-redeemed_at"], name="redemptions_customer"),
            models.Index(
                "project",
                KeyTextTransform("guest", "decision"),
                name="redemptions_guest",
                condition=models.Q(IsNull(KeyTextTransform("guest", "decision"), False)),
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def status(self) -> str:
        """The published status: SUCCEEDED, FAILED or ROLLED_BACK."""
        if self.result == Result.FAILURE:
            return "FAILED"
        return "ROLLED_BACK" if self.rolled_back_at else "SUCCEEDED"

    @property
    def discount_left(self) -> int:
        """What it took off what was not returned."""
        return self.applied_amount - self.returned_discount

    @property
    def credits_left(self) -> int | None:
        """What a gift card paid of what was not returned."""
        if self.credits_amount is None:
            return None
        return self.credits_amount - self.returned_credits

    @property
    def total_left(self) -> int:
        """What the order cost after this step, without what was returned."""
        return int((self.order_json or {}).get("total_amount") or 0) - self.returned_total


class RedemptionRollback(ProjectOwned, HasMetadata):
    """The undoing of a redemption, or a refused try; at most one success per redemption."""

    public_id = PublicIdField("rr_")
    redemption = models.ForeignKey(
        Redemption, on_delete=models.PROTECT, related_name="rollbacks", verbose_name=_("redemption")
    )
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("customer"),
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    tracking_id = models.CharField(_("tracking id"), max_length=255, blank=True)
    result = models.CharField(
        _("result"), max_length=8, choices=Result.choices, default=Result.SUCCESS
    )
    failure_code = models.CharField(_("failure"), max_length=60, blank=True)
    failure_message = models.TextField(_("failure message"), blank=True)
    order_json = models.JSONField(null=True)
    channel_type = models.CharField(
        _("channel"), max_length=12, choices=ChannelType.choices, default=ChannelType.API
    )
    channel_id = models.CharField(_("by"), max_length=64, blank=True)
    rolled_back_at = models.DateTimeField(_("rolled back"))

    class Meta:
        verbose_name = _("rollback")
        verbose_name_plural = _("rollbacks")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["redemption"],
                name="redemptions_rollback_once",
                condition=models.Q(result="SUCCESS"),
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["project", "-rolled_back_at", "-id"], name="redemptions_rollback_recent"
            )
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def status(self) -> str:
        """The published status: SUCCEEDED or FAILED."""
        return "FAILED" if self.result == Result.FAILURE else "SUCCEEDED"
