from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from loyalty_project.core.models import ProjectOwned, PublicIdField
from loyalty_project.core.models.history import project_history


class ApologyPolicy(ProjectOwned):
    """How much support may give by itself; a project without a row has the defaults.

    Amounts are minor units, `max_percent` is millionths. Null: no amount or percent at all, and no
    daily allowance. `rule` is the one that keeps each code to its customer.
    """

    max_amount = models.BigIntegerField(
        _("highest amount"),
        null=True,
        blank=True,
        help_text=_("What one apology may take off at most. Empty: no amounts."),
    )
    max_percent = models.PositiveIntegerField(
        _("highest percent"),
        null=True,
        blank=True,
        default=100_000,
        help_text=_("What one apology may take off at most. Empty: no percents."),
    )
    max_days = models.PositiveSmallIntegerField(
        _("longest life"), default=30, help_text=_("In how many days a code ends at the latest.")
    )
    daily_count = models.PositiveSmallIntegerField(
        _("codes per day"),
        null=True,
        blank=True,
        default=20,
        help_text=_("How many one agent may issue in a day. Empty: without limit."),
    )
    daily_amount = models.BigIntegerField(
        _("amount per day"),
        null=True,
        blank=True,
        help_text=_("What one agent may give in amounts in a day. Empty: without limit."),
    )
    rule = models.ForeignKey(
        "campaigns.ValidationRule",
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("rule"),
    )

    history = project_history()

    class Meta:
        verbose_name = _("apology policy")
        verbose_name_plural = _("apology policies")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project"], name="campaigns_apology_policy_once"),
            models.CheckConstraint(
                condition=(Q(max_amount=None) | Q(max_amount__gte=0))
                & (Q(daily_amount=None) | Q(daily_amount__gte=0)),
                name="campaigns_apology_policy_amounts",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Apology(ProjectOwned):
    """A code that support gave a customer, by whom and why; a record of fact.

    `amount` in minor units or `percent` in millionths is what it takes off.
    """

    public_id = PublicIdField("apo_")
    voucher = models.OneToOneField(
        "campaigns.Voucher",
        on_delete=models.PROTECT,
        related_name="apology",
        verbose_name=_("code"),
    )
    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("customer"),
    )
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
        verbose_name=_("agent"),
    )
    reason = models.CharField(_("reason"), max_length=500)
    amount = models.BigIntegerField(_("amount"), null=True)
    percent = models.PositiveIntegerField(_("percent"), null=True)

    class Meta:
        verbose_name = _("apology")
        verbose_name_plural = _("apologies")
        permissions: ClassVar = [("issue_apology", "Can issue apology")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, percent=None) | Q(amount=None, percent__gt=0),
                name="campaigns_apology_of_one_kind",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["project", "agent", "-created_at"], name="campaigns_apology_agent"
            ),
            models.Index(fields=["project", "-created_at", "-id"], name="campaigns_apology_recent"),
        ]

    def __str__(self) -> str:
        return self.public_id
