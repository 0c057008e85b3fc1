from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from loyalty_project.core.models import ProjectOwned, PublicIdField
from loyalty_project.core.models.history import project_history


class RuleType(models.TextChoices):
    """How the published editors show a rule; it is evaluated the same."""

    EXPRESSION = "expression", _("Conditions joined by and, or, not")
    BASIC = "basic", _("All conditions must hold")
    ADVANCED = "advanced", _("Conditions in groups")
    COMPLEX = "complex", _("Conditions with brackets")


class ValidationRule(ProjectOwned):
    """Conditions under which incentives work, shared by all that it is assigned to.

    `definition` holds the document as it is now: the published `{rules, applicable_to, error,
    bundle_rules}` without what is null.
    """

    public_id = PublicIdField("val_")
    name = models.CharField(
        _("name"), max_length=255, help_text=_("Shown where a rule is chosen, e.g. London VIPs.")
    )
    type = models.CharField(
        _("type"),
        max_length=12,
        choices=RuleType.choices,
        default=RuleType.EXPRESSION,
        help_text=_("How the conditions are edited."),
    )
    context_type = models.CharField(
        _("made for"), max_length=80, default="global", help_text=_("Where it may be assigned.")
    )
    definition = models.ForeignKey(
        "campaigns.DefinitionVersion", on_delete=models.PROTECT, editable=False, related_name="+"
    )

    history = project_history()

    class Meta:
        verbose_name = _("validation rule")
        verbose_name_plural = _("validation rules")
        indexes: ClassVar = [
            models.Index(fields=["project", "-created_at", "-id"], name="campaigns_rule_recent")
        ]

    def __str__(self) -> str:
        return self.name


class RuleAssignment(ProjectOwned):
    """A rule that must hold for a campaign with all its codes, one code, or a promotion tier."""

    public_id = PublicIdField("asgm_")
    rule = models.ForeignKey(
        ValidationRule,
        on_delete=models.PROTECT,
        related_name="assignments",
        verbose_name=_("rule"),
    )
    campaign = models.ForeignKey(
        "campaigns.Campaign",
        on_delete=models.CASCADE,
        null=True,
        related_name="rule_assignments",
        verbose_name=_("campaign"),
    )
    voucher = models.ForeignKey(
        "campaigns.Voucher",
        on_delete=models.CASCADE,
        null=True,
        related_name="rule_assignments",
        verbose_name=_("code"),
    )
    promotion_tier = models.ForeignKey(
        "campaigns.PromotionTier",
        on_delete=models.CASCADE,
        null=True,
        related_name="rule_assignments",
        verbose_name=_("promotion tier"),
    )

    history = project_history()

    class Meta:
        verbose_name = _("rule assignment")
        verbose_name_plural = _("rule assignments")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(campaign__isnull=False, voucher=None, promotion_tier=None)
                | models.Q(campaign=None, voucher__isnull=False, promotion_tier=None)
                | models.Q(campaign=None, voucher=None, promotion_tier__isnull=False),
                name="campaigns_assignment_one",
            ),
            models.UniqueConstraint(
                fields=["rule", "campaign", "voucher", "promotion_tier"],
                name="campaigns_assignment_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def related_object_type(self) -> str:
        """The published name of what the rule is assigned to."""
        if self.campaign_id is not None:
            return "campaign"
        return "voucher" if self.voucher_id is not None else "promotion_tier"

    @property
    def related_object(self) -> Any:
        return getattr(self, self.related_object_type)

    @property
    def related_object_id(self) -> str:
        found: str = self.related_object.public_id
        return found
