from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from loyalty_project.core.models import ProjectOwned, PublicIdField
from loyalty_project.core.models.history import project_history


class ApplicationMode(models.TextChoices):
    ALL = "ALL", _("All or nothing")
    PARTIAL = "PARTIAL", _("Those that apply")


class SortingRule(models.TextChoices):
    REQUESTED_ORDER = "REQUESTED_ORDER", _("As the request says")
    CATEGORY_HIERARCHY = "CATEGORY_HIERARCHY", _("By the hierarchy of categories")


class ProductsMode(models.TextChoices):
    STACK = "STACK", _("Several discounts on one product")
    ONCE = "ONCE", _("One discount per product")


class NoEffectRule(models.TextChoices):
    REDEEM_ANYWAY = "REDEEM_ANYWAY", _("Used up all the same")
    SKIP = "SKIP", _("Left out and not used up")


class RollbackOrderMode(models.TextChoices):
    WITH_ORDER = "WITH_ORDER", _("The order is canceled and its discounts are taken off")
    WITHOUT_ORDER = "WITHOUT_ORDER", _("The order stays as it is")


class GroupedSortingRule(models.TextChoices):
    JOINT_ALWAYS_LAST = "JOINT_ALWAYS_LAST", _("After the others")
    JOINT_WITH_OTHERS = "JOINT_WITH_OTHERS", _("In their place among the others")


class CalculationMode(models.TextChoices):
    DISCOUNTED_AMOUNT = "DISCOUNTED_AMOUNT", _("Of what is left to pay")
    INITIAL_AMOUNT = "INITIAL_AMOUNT", _("Of the amount before any discount")


class CreditsOverflow(models.TextChoices):
    REFUSE = "REFUSE", _("Refused")
    CAP = "CAP", _("What there is is spent")


class StackingRules(ProjectOwned):
    """How the incentives of a project go together; a project without a row has the defaults.

    Members by their published names, categories by their public ids. A limit of null is no limit.
    Which categories are exclusive or joint stands on the categories.
    """

    public_id = PublicIdField("stk_")
    redeemables_limit = models.PositiveSmallIntegerField(
        _("incentives per request"), default=30, help_text=_("1 to 100; more are refused.")
    )
    applicable_redeemables_limit = models.PositiveSmallIntegerField(
        _("applied per request"), default=5, help_text=_("1 to 100; further ones are left out.")
    )
    applicable_redeemables_per_category_limit = models.PositiveSmallIntegerField(
        _("applied per category"), null=True, blank=True, help_text=_("Empty: without limit.")
    )
    applicable_redeemables_category_limits = models.JSONField(default=dict, blank=True)
    applicable_exclusive_redeemables_limit = models.PositiveSmallIntegerField(
        _("exclusive ones applied"), default=1, help_text=_("1 to 100 per request.")
    )
    applicable_exclusive_redeemables_per_category_limit = models.PositiveSmallIntegerField(
        _("exclusive ones per category"),
        null=True,
        blank=True,
        help_text=_("Empty: without limit."),
    )
    redeemables_application_mode = models.CharField(
        _("when one is refused"),
        max_length=8,
        choices=ApplicationMode.choices,
        default=ApplicationMode.ALL,
        help_text=_("All or nothing, or those that apply."),
    )
    redeemables_sorting_rule = models.CharField(
        _("sequence"),
        max_length=20,
        choices=SortingRule.choices,
        default=SortingRule.REQUESTED_ORDER,
        help_text=_("In which sequence discounts are taken off."),
    )
    redeemables_products_application_mode = models.CharField(
        _("discounts per product"),
        max_length=8,
        choices=ProductsMode.choices,
        default=ProductsMode.STACK,
        help_text=_("Whether one order line may get several discounts."),
    )
    redeemables_no_effect_rule = models.CharField(
        _("without effect"),
        max_length=16,
        choices=NoEffectRule.choices,
        default=NoEffectRule.REDEEM_ANYWAY,
        help_text=_("What happens to an incentive that takes nothing off."),
    )
    no_effect_skip_categories = models.JSONField(default=list, blank=True)
    no_effect_redeem_anyway_categories = models.JSONField(default=list, blank=True)
    redeemables_rollback_order_mode = models.CharField(
        _("rollback and the order"),
        max_length=16,
        choices=RollbackOrderMode.choices,
        default=RollbackOrderMode.WITH_ORDER,
        help_text=_("What a rollback does to the order."),
    )
    canceled_orders_roll_back = models.BooleanField(
        _("canceled orders give back"),
        default=True,
        help_text=_("Whether codes and gift cards of an order that is canceled are given back."),
    )
    grouped_redeemables_sorting_rule = models.CharField(
        _("incentives that always stack"),
        max_length=20,
        choices=GroupedSortingRule.choices,
        default=GroupedSortingRule.JOINT_ALWAYS_LAST,
        help_text=_("When they are taken off."),
    )
    credits_with_discounts = models.BooleanField(
        _("gift cards with discounts"),
        default=True,
        help_text=_("Whether an order with a discount may be paid by gift card."),
    )
    credits_overflow = models.CharField(
        _("more than is on a card"),
        max_length=8,
        choices=CreditsOverflow.choices,
        default=CreditsOverflow.REFUSE,
        help_text=_("What happens when a request asks more of a gift card than it holds."),
    )
    discount_calculation_mode = models.CharField(
        _("percentages are of"),
        max_length=20,
        choices=CalculationMode.choices,
        default=CalculationMode.DISCOUNTED_AMOUNT,
        help_text=_("What a percentage is taken of when discounts meet."),
    )
    initial_amount_mode_categories = models.JSONField(default=list, blank=True)
    discounted_amount_mode_categories = models.JSONField(default=list, blank=True)

    history: Any = project_history()

    class Meta:
        verbose_name = _("stacking rules")
        verbose_name_plural = _("stacking rules")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project"], name="campaigns_stacking_once")
        ]

    def __str__(self) -> str:
        return self.public_id
