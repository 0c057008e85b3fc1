from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey, QuerySet
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns import queries
from campaigns.admin import assignments, beside, figures, own_limits, promises, rules_page, tiers
from campaigns.admin.campaign import WHEN
from campaigns.admin.discounts import DISCOUNT
from campaigns.admin.promotion_forms import TierForm
from campaigns.models import Campaign, CampaignType, PromotionTier
from campaigns.services import promotions
from loyalty_project.core import clock
from loyalty_project.core.admin import actions, base, display

TIER = ["name", "banner", "hierarchy", "category"]
ADD = [
    (_("Tier"), {"fields": ["campaign", *TIER]}),
    (_("Discount"), {"fields": DISCOUNT}),
    assignments.WHO,
    (_("When"), {"fields": [*WHEN, "active"]}),
    own_limits.LIMITS,
    (_("Attributes"), {"fields": ["metadata"]}),
]
CAMPAIGN = display.link("campaign")
CHANGE = [
    (_("Tier"), {"fields": [CAMPAIGN, *TIER]}),
    (_("Discount"), {"fields": DISCOUNT}),
    assignments.WHO,
    (_("When"), {"fields": WHEN}),
    own_limits.LIMITS,
    (_("Attributes"), {"fields": ["metadata"]}),
]


def promotions_alone(db_field: ForeignKey[Any, Any], given: dict[str, Any]) -> dict[str, Any]:
    """What a choice of a campaign offers where only promotions will do."""
    if db_field.related_model is not Campaign:
        return given
    rows = queries.campaigns().filter(campaign_type=CampaignType.PROMOTION).order_by("name")
    return {**given, "queryset": rows}


@admin.register(PromotionTier)
class PromotionTierAdmin(
    rules_page.RulesPage, own_limits.OwnLimitsPage, actions.KillSwitch, base.ProjectAdmin
):
    icon = "percent"
    form = TierForm
    list_display = [
        "name",
        tiers.state,
        tiers.discount,
        CAMPAIGN,
        display.integer_column("hierarchy"),
        display.when("starts_at"),
        display.when("expires_at"),
    ]
    list_select_related = ["campaign__holiday_calendar", "definition", "category"]
    list_filter = ["active", ("campaign", admin.RelatedOnlyFieldListFilter), "category"]
    search_fields = ["name__istartswith", "public_id__startswith"]
    ordering = ["-campaign_id", "hierarchy", "pk"]

    class Media:
        js = [Script("wafa/campaign.js", defer=True)]

    def prepare_rows(self, rows: Iterable[Any]) -> None:
        promises.look_up(rows)

    def get_queryset(self, request: HttpRequest) -> QuerySet[PromotionTier]:
        rows = super().get_queryset(request)
        return rows.filter(deleted_at__isnull=True, campaign__deleted_at__isnull=True)

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        given = promotions_alone(db_field, kwargs)
        return super().formfield_for_foreignkey(db_field, request, **given)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        del request
        return CHANGE if obj else ADD

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        del request
        return [CAMPAIGN] if obj else []

    def save_model(self, request: Any, obj: PromotionTier, form: Any, change: bool) -> None:
        values = {"project": request.project, "data": form.body(), "at": clock.now()}
        if change:
            base.become(obj, promotions.update(tier=obj, **values))
        else:
            campaign = form.cleaned_data["campaign"]
            base.become(obj, promotions.create(campaign=campaign, **values))
        self.warn_of_limits(request, obj)

    def response_post_save_add(self, request: HttpRequest, obj: PromotionTier) -> HttpResponse:
        """To the promotion, where its tiers stand together."""
        del request
        return HttpResponseRedirect(display.url_of(obj.campaign))

    response_post_save_change = response_post_save_add

    def delete_model(self, request: Any, obj: PromotionTier) -> None:
        promotions.delete(project=request.project, tier=obj, at=clock.now())

    def delete_queryset(self, request: Any, queryset: QuerySet[PromotionTier]) -> None:
        for tier in queryset:
            self.delete_model(request, tier)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Into the bin and out of its stacks; records of what happened stay."""
        del request
        counts = {PromotionTier._meta.verbose_name_plural: len(objs)}
        return [str(tier) for tier in objs], counts, set(), []

    def switch(self, request: Any, obj: PromotionTier, *, on: bool) -> None:
        promotions.set_active(project=request.project, tier=obj, active=on, at=clock.now())

    def switch_effects(
        self, request: HttpRequest, queryset: QuerySet[PromotionTier], *, on: bool
    ) -> list[str]:
        del request
        return tiers.switch_effects(queryset.filter(active=not on), on=on)

    def page_status(self, request: HttpRequest, obj: PromotionTier) -> Any:
        del request
        return tiers.state(obj)

    def page_figures(self, request: HttpRequest, obj: PromotionTier) -> list[tuple[Any, Any]]:
        del request
        return tiers.figures_of(obj)

    def page_panels(self, request: HttpRequest, obj: PromotionTier) -> list[tuple[Any, Any]]:
        return [*super().page_panels(request, obj), *beside.panels(request, obj)]

    def page_links(self, request: HttpRequest, obj: PromotionTier) -> list[tuple[Any, str]]:
        del request
        query = f"?promotion_tier__id__exact={obj.pk}"
        return figures.link(gettext("Redemptions"), "redemptions_redemption_changelist", query)
