from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from loyalty_project.core.models import HasMetadata, ProjectOwned, PublicIdField
from loyalty_project.core.models.history import project_history


class PromotionTier(ProjectOwned, HasMetadata):
    """A discount without a code, of a campaign of the kind PROMOTION.

    `validity_*` are the published objects. `definition` holds `{"type": "PROMOTION_TIER",
    "discount": {…}}`. `version` rises with each change that a redemption depends on.
    """

    public_id = PublicIdField("promo_")
    campaign = models.ForeignKey(
        "campaigns.Campaign",
        on_delete=models.PROTECT,
        related_name="tiers",
        verbose_name=_("campaign"),
        help_text=_("The promotion that it belongs to."),
    )
    name = models.CharField(_("name"), max_length=255, help_text=_("For your team."))
    banner = models.CharField(
        _("banner"), max_length=500, blank=True, help_text=_("The text that shoppers see.")
    )
    hierarchy = models.PositiveIntegerField(
        _("hierarchy"), default=1, help_text=_("A lower number is looked at first.")
    )
    definition = models.ForeignKey(
        "campaigns.DefinitionVersion", on_delete=models.PROTECT, editable=False, related_name="+"
    )
    active = models.BooleanField(
        _("active"), default=True, help_text=_("Off: it is not given until it is on again.")
    )
    starts_at = models.DateTimeField(
        _("starts"), null=True, blank=True, help_text=_("Empty: as its campaign.")
    )
    expires_at = models.DateTimeField(
        _("ends"), null=True, blank=True, help_text=_("Empty: as its campaign.")
    )
    validity_timeframe = models.JSONField(null=True, blank=True, editable=False)
    validity_day_of_week = models.JSONField(null=True, blank=True, editable=False)
    validity_hours = models.JSONField(null=True, blank=True, editable=False)
    category = models.ForeignKey(
        "campaigns.Category",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("category"),
        help_text=_("Empty: the category of the campaign."),
    )
    version = models.PositiveBigIntegerField(default=1, editable=False)
    deleted_at = models.DateTimeField(_("deleted"), null=True, editable=False)

    history = project_history(excluded_fields=["version"])

    class Meta:
        verbose_name = _("promotion tier")
        verbose_name_plural = _("promotion tiers")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(expires_at__isnull=True)
                | models.Q(starts_at__isnull=True)
                | models.Q(expires_at__gt=models.F("starts_at")),
                name="campaigns_tier_window",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["project", "-created_at", "-id"], name="campaigns_tier_recent"),
            models.Index(fields=["campaign", "hierarchy", "id"], name="campaigns_tier_sequence"),
        ]

    def __str__(self) -> str:
        return self.name


class PromotionStack(ProjectOwned, HasMetadata):
    """Tiers of one campaign that are applied together, in their sequence."""

    public_id = PublicIdField("stack_")
    campaign = models.ForeignKey(
        "campaigns.Campaign",
        on_delete=models.PROTECT,
        related_name="stacks",
        verbose_name=_("campaign"),
        help_text=_("The promotion whose tiers it stacks."),
    )
    name = models.CharField(_("name"), max_length=255, help_text=_("For your team."))
    category = models.ForeignKey(
        "campaigns.Category",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("category"),
        help_text=_("Decides what the stack goes with."),
    )
    tiers: models.ManyToManyField = models.ManyToManyField(
        PromotionTier, through="campaigns.StackedTier", related_name="stacks"
    )

    history = project_history()

    class Meta:
        verbose_name = _("promotion stack")
        verbose_name_plural = _("promotion stacks")
        indexes: ClassVar = [
            models.Index(fields=["project", "-created_at", "-id"], name="campaigns_stack_recent")
        ]

    def __str__(self) -> str:
        return self.name


class StackedTier(ProjectOwned):
    """The place of a tier in a stack, from 0."""

    stack = models.ForeignKey(
        PromotionStack,
        on_delete=models.CASCADE,
        related_name="places",
        verbose_name=_("promotion stack"),
    )
    tier = models.ForeignKey(
        PromotionTier,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("promotion tier"),
    )
    position = models.PositiveSmallIntegerField(_("position"))

    history = project_history()

    class Meta:
        verbose_name = _("tier in a stack")
        verbose_name_plural = _("tiers in stacks")
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stack", "tier"], name="campaigns_stacked_once")
        ]

    def __str__(self) -> str:
        return f"{self.stack_id}:{self.position}"
