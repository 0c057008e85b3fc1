from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from loyalty_project.core.models import HasMetadata, ProjectOwned, PublicIdField
from loyalty_project.core.models.history import project_history


class VoucherType(models.TextChoices):
    """The published types; further ones come with their features."""

    DISCOUNT_VOUCHER = "DISCOUNT_VOUCHER", _("Discount")
    GIFT_VOUCHER = "GIFT_VOUCHER", _("Gift card")


class Voucher(ProjectOwned, HasMetadata):
    """A code. `code` is as given, `code_key` what is compared (core.codes.normalize).

    `redemption_limit` null means unlimited: such a code is never locked, its uses are appended as
    UsageDelta rows and folded into `redeemed_count` later. `held_count` are the uses that sessions
    hold, expired ones included until somebody takes them off.
    """

    public_id = PublicIdField("v_")
    code = models.CharField(
        _("code"), max_length=255, help_text=_("What the customer types. Fixed once made.")
    )
    code_key = models.CharField(max_length=255, db_collation="C", editable=False)
    type = models.CharField(
        _("kind"),
        max_length=20,
        choices=VoucherType.choices,
        default=VoucherType.DISCOUNT_VOUCHER,
        help_text=_("What the code gives."),
    )
    campaign = models.ForeignKey(
        "campaigns.Campaign",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="vouchers",
        verbose_name=_("campaign"),
        help_text=_("Empty: a code of its own."),
    )
    definition = models.ForeignKey(
        "campaigns.DefinitionVersion",
        on_delete=models.PROTECT,
        editable=False,
        db_index=False,
        related_name="+",
    )
    category = models.ForeignKey(
        "campaigns.Category",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("category"),
        help_text=_("Empty: the category of the campaign."),
    )
    active = models.BooleanField(
        _("active"), default=True, help_text=_("Off: the code is refused until it is on again.")
    )
    starts_at = models.DateTimeField(
        _("starts"), null=True, blank=True, help_text=_("The code works from this moment.")
    )
    expires_at = models.DateTimeField(
        _("ends"), null=True, blank=True, help_text=_("The code stops at this moment.")
    )
    validity_timeframe = models.JSONField(null=True, blank=True, editable=False)
    validity_day_of_week = models.JSONField(null=True, blank=True, editable=False)
    validity_hours = models.JSONField(null=True, blank=True, editable=False)
    redemption_limit = models.PositiveIntegerField(
        _("redemption limit"),
        null=True,
        blank=True,
        help_text=_("How often it can be used in all. Empty: without limit."),
    )
    redeemed_count = models.IntegerField(_("redeemed"), default=0, editable=False)
    held_count = models.IntegerField(_("held"), default=0, editable=False)
    publish_count = models.PositiveIntegerField(_("published"), default=0, editable=False)
    holder = models.ForeignKey(
        "customers.Customer",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        db_index=False,
        related_name="+",
        verbose_name=_("holder"),
    )
    account = models.OneToOneField(
        "rewards.LedgerAccount",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="voucher",
        verbose_name=_("account"),
    )
    is_referral_code = models.BooleanField(default=False, editable=False)
    additional_info = models.TextField(
        _("note"), blank=True, help_text=_("For your team; not shown to customers.")
    )
    deleted_at = models.DateTimeField(_("deleted"), null=True, editable=False)

    history = project_history(excluded_fields=["redeemed_count", "held_count", "publish_count"])

    class Meta:
        verbose_name = _("code")
        verbose_name_plural = _("codes")
        permissions: ClassVar = [
            ("adjust_voucher", "Can change the balance of code"),
            ("cash_out_voucher", "Can pay out the balance of code"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "code_key"], name="campaigns_voucher_code"),
            models.CheckConstraint(
                condition=models.Q(redemption_limit__isnull=True)
                | models.Q(redeemed_count__lte=models.F("redemption_limit")),
                name="campaigns_voucher_within_limit",
            ),
            models.CheckConstraint(
                condition=models.Q(redeemed_count__gte=0) & models.Q(held_count__gte=0),
                name="campaigns_voucher_count_positive",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["project", "-created_at", "-id"], name="campaigns_voucher_recent"),
            models.Index(
                fields=["campaign", "id"],
                name="campaigns_voucher_free",
                condition=models.Q(publish_count=0, deleted_at__isnull=True),
            ),
            models.Index(fields=["campaign", "-id"], name="campaigns_voucher_campaign"),
            models.Index(
                fields=["holder"],
                name="campaigns_voucher_holder",
                condition=models.Q(holder__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class UsageDelta(ProjectOwned):
    """Uses of an unlimited code that are not yet folded into its `redeemed_count`."""

    voucher = models.ForeignKey(Voucher, on_delete=models.CASCADE, related_name="deltas")
    count = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.voucher_id} {self.count:+d}"
