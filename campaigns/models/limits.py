from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from loyalty_project.core.models import ProjectOwned, PublicIdField
from loyalty_project.core.models.history import project_history


class Measure(models.TextChoices):
    REDEMPTIONS = "redemptions", _("Redemptions")
    CUSTOMERS = "customers", _("Different customers")
    DISCOUNT = "discount", _("Discounts given")
    ORDERS = "orders", _("Value of the orders")


class Period(models.TextChoices):
    ALWAYS = "always", _("In all")
    DAY = "day", _("Per day")
    WEEK = "week", _("Per week")
    MONTH = "month", _("Per month")
    YEAR = "year", _("Per year")


class Overflow(models.TextChoices):
    REFUSE = "REFUSE", _("Refuse it")
    CAP = "CAP", _("Give what is left")


class Budget(ProjectOwned):
    """A budget that several campaigns share: all of them together stay within its limits."""

    public_id = PublicIdField("bud_")
    name = models.CharField(_("name"), max_length=120, help_text=_("E.g. Marketing 2027."))

    history = project_history()

    class Meta:
        verbose_name = _("budget")
        verbose_name_plural = _("budgets")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "name"], name="campaigns_budget_name")
        ]

    def __str__(self) -> str:
        return self.name


class Limit(ProjectOwned):
    """At most so many redemptions or customers, or so much money; the value is included.

    It belongs to a campaign, a code, a promotion tier or a budget; one without any protects the
    whole project. `value` is a number or minor units. `relaxed` maps ids of segments to other
    values, null for none.
    """

    public_id = PublicIdField("lim_")
    campaign = models.ForeignKey(
        "campaigns.Campaign",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="limits",
        verbose_name=_("campaign"),
    )
    voucher = models.ForeignKey(
        "campaigns.Voucher",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="limits",
        verbose_name=_("code"),
    )
    promotion_tier = models.ForeignKey(
        "campaigns.PromotionTier",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="limits",
        verbose_name=_("promotion tier"),
    )
    budget = models.ForeignKey(
        Budget,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="limits",
        verbose_name=_("budget"),
    )
    per_redeemable = models.BooleanField(
        _("each code by itself"),
        default=False,
        help_text=_("On: every code or tier of the campaign has this limit for itself."),
    )
    measure = models.CharField(
        _("what"),
        max_length=12,
        choices=Measure.choices,
        default=Measure.REDEMPTIONS,
        help_text=_("What is counted."),
    )
    period = models.CharField(
        _("when"),
        max_length=8,
        choices=Period.choices,
        default=Period.ALWAYS,
        help_text=_("Calendar periods in the project's time zone."),
    )
    per_customer = models.BooleanField(
        _("per customer"), default=False, help_text=_("On: for each customer by itself.")
    )
    value = models.BigIntegerField(
        _("at most"), help_text=_("A number, or an amount; it is included.")
    )
    overflow = models.CharField(
        _("the last one"),
        max_length=8,
        choices=Overflow.choices,
        default=Overflow.REFUSE,
        help_text=_("What happens to a discount that is more than what is left."),
    )
    relaxed = models.JSONField(
        _("other values for segments"),
        default=dict,
        blank=True,
        help_text=_("Customers of these segments have another limit."),
    )

    history = project_history()

    class Meta:
        verbose_name = _("limit")
        verbose_name_plural = _("limits")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(campaign=None, voucher=None, promotion_tier=None)
                | Q(campaign=None, voucher=None, budget=None)
                | Q(campaign=None, promotion_tier=None, budget=None)
                | Q(voucher=None, promotion_tier=None, budget=None),
                name="campaigns_limit_of_one",
            ),
            models.CheckConstraint(condition=Q(value__gte=0), name="campaigns_limit_value"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["project"],
                name="campaigns_limit_project",
                condition=Q(campaign=None, voucher=None, promotion_tier=None, budget=None),
            )
        ]

    def __str__(self) -> str:
        return self.public_id


class MarginFloor(ProjectOwned):
    """No discount takes a product below its cost and a margin; without a campaign for all of them.

    `amount` is minor units per unit, `percent` millionths of the cost.
    """

    campaign = models.OneToOneField(
        "campaigns.Campaign",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="margin_floor",
        verbose_name=_("campaign"),
    )
    amount = models.BigIntegerField(
        _("amount"), default=0, help_text=_("What must stay per unit above the cost.")
    )
    percent = models.PositiveIntegerField(
        _("percent"), default=0, help_text=_("What must stay of the cost, above it.")
    )
    skips = models.BooleanField(
        _("leave the product out"),
        default=False,
        help_text=_("On: a product without room gets no discount. Off: it gets what fits."),
    )

    history = project_history()

    class Meta:
        verbose_name = _("margin floor")
        verbose_name_plural = _("margin floors")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(campaign=None),
                name="campaigns_margin_of_project",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="campaigns_margin_amount"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
