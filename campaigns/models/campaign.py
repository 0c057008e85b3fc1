from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models.holidays import HolidayMode
from loyalty_project.core.models import HasMetadata, ProjectOwned, PublicIdField
from loyalty_project.core.models.history import project_history


class CampaignType(models.TextChoices):
    """What a campaign gives; further published types come with their features."""

    DISCOUNT_COUPONS = "DISCOUNT_COUPONS", _("Discount coupons")
    GIFT_VOUCHERS = "GIFT_VOUCHERS", _("Gift cards")
    PROMOTION = "PROMOTION", _("Promotions without a code")


class PoolType(models.TextChoices):
    """The published `type` of a campaign: how its codes come about."""

    AUTO_UPDATE = "AUTO_UPDATE", _("Codes are made as they are published")
    STATIC = "STATIC", _("A fixed number of codes")
    STANDALONE = "STANDALONE", _("One code for everybody")


class GenerationStatus(models.TextChoices):
    DRAFT = "DRAFT", _("Draft")
    IN_PROGRESS = "IN_PROGRESS", _("Making codes")
    DONE = "DONE", _("Ready")
    FAILED = "FAILED", _("Failed")
    MODIFYING = "MODIFYING", _("Changing codes")


class Campaign(ProjectOwned, HasMetadata):
    """A set of codes, or of promotion tiers, under common rules.

    `voucher_template` is the published `voucher` object: `{type, discount, code_config,
    redemption: {quantity}, is_referral_code}`. `validity_*` are the published objects. `version`
    rises with each change that a redemption depends on.
    """

    public_id = PublicIdField("camp_")
    name = models.CharField(
        _("name"), max_length=255, help_text=_("Unique in the project, e.g. Autumn 2026.")
    )
    description = models.TextField(
        _("description"), blank=True, help_text=_("What it is for; only your team sees it.")
    )
    campaign_type = models.CharField(
        _("kind"),
        max_length=20,
        choices=CampaignType.choices,
        default=CampaignType.DISCOUNT_COUPONS,
        help_text=_("What the campaign gives."),
    )
    type = models.CharField(
        _("codes"),
        max_length=12,
        choices=PoolType.choices,
        default=PoolType.STATIC,
        help_text=_("Unique codes for single customers, or one code for everybody."),
    )
    active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_("The kill switch: off stops it at once, with all its codes or tiers."),
    )
    starts_at = models.DateTimeField(
        _("starts"), null=True, blank=True, help_text=_("It works from this moment. Empty: now.")
    )
    expires_at = models.DateTimeField(
        _("ends"), null=True, blank=True, help_text=_("It stops at this moment. Empty: never.")
    )
    validity_timeframe = models.JSONField(null=True, blank=True, editable=False)
    validity_day_of_week = models.JSONField(null=True, blank=True, editable=False)
    validity_hours = models.JSONField(null=True, blank=True, editable=False)
    budget = models.ForeignKey(
        "campaigns.Budget",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="campaigns",
        verbose_name=_("shared budget"),
        help_text=_("Its limits hold for all campaigns of the budget together."),
    )
    holiday_calendar = models.ForeignKey(
        "campaigns.HolidayCalendar",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("holidays"),
        help_text=_("Days on which it pauses, or on which alone it runs."),
    )
    holiday_mode = models.CharField(
        _("on holidays"),
        max_length=8,
        choices=HolidayMode.choices,
        default=HolidayMode.EXCEPT,
        help_text=_("What the days of the calendar mean."),
    )
    jurisdiction = models.ForeignKey(
        "campaigns.Jurisdiction",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("law"),
        help_text=_("Under whose rules its gift cards are sold. Empty: those of the project."),
    )
    rollout_percent = models.PositiveSmallIntegerField(
        _("rollout"),
        default=100,
        help_text=_("Percent of customers who can use it; the same customers stay in as it grows."),
    )
    listed = models.BooleanField(
        _("offered"),
        default=True,
        help_text=_("Off: it works for those who know it and is offered to nobody."),
    )
    activity_duration_after_publishing = models.CharField(
        _("lifetime of a code"),
        max_length=40,
        blank=True,
        help_text=_("From its publication, as an ISO 8601 duration, e.g. P14D. Empty: none."),
    )
    join_once = models.BooleanField(
        _("one code per customer"),
        default=False,
        help_text=_("A customer who asks again gets the same code."),
    )
    auto_join = models.BooleanField(null=True, editable=False)
    use_voucher_metadata_schema = models.BooleanField(default=True, editable=False)
    category = models.ForeignKey(
        "campaigns.Category",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("category"),
        help_text=_("Decides what its codes or tiers stack with."),
    )
    voucher_template = models.JSONField(null=True, editable=False)
    definition = models.ForeignKey(
        "campaigns.DefinitionVersion",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    vouchers_count = models.PositiveIntegerField(_("codes"), default=0, editable=False)
    generation_status = models.CharField(
        _("codes are"),
        max_length=12,
        choices=GenerationStatus.choices,
        default=GenerationStatus.DONE,
        editable=False,
    )
    protected = models.BooleanField(default=False, editable=False)
    running = models.BooleanField(default=False, editable=False)  # what was told last
    owner = models.ForeignKey(
        "core.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
        help_text=_("Who answers for it."),
    )
    version = models.PositiveBigIntegerField(default=1, editable=False)
    archived_at = models.DateTimeField(_("archived"), null=True, editable=False)
    deleted_at = models.DateTimeField(_("deleted"), null=True, editable=False)

    history = project_history(
        excluded_fields=["version", "vouchers_count", "generation_status", "running", "archived_at"]
    )

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "name"], name="campaigns_campaign_name"),
            models.CheckConstraint(
                condition=models.Q(expires_at__isnull=True)
                | models.Q(starts_at__isnull=True)
                | models.Q(expires_at__gt=models.F("starts_at")),
                name="campaigns_campaign_window",
            ),
            models.CheckConstraint(
                condition=models.Q(rollout_percent__lte=100), name="campaigns_campaign_rollout"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["project", "-created_at", "-id"], name="campaigns_recent")
        ]

    def __str__(self) -> str:
        return self.name


class DefinitionVersion(ProjectOwned):
    """What a code or tier gives, or a rule asks, as it was at one time; never changed.

    `data` is `{"type": "DISCOUNT_VOUCHER", "discount": {…}}` as published (the type is
    "PROMOTION_TIER" for tiers), `{"type": "GIFT_VOUCHER", "gift": {"amount", "effect"}}`, or
    `{"type": "validation_rule", "rules": {…}, …}`.
    """

    data = models.JSONField()

    class Meta:
        verbose_name = _("definition")
        verbose_name_plural = _("definitions")

    def __str__(self) -> str:
        return str(self.pk)
