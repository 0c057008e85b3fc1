from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.admin import (
    assignments,
    beside,
    bounds,
    costs,
    exports,
    figures,
    promises,
    rules_page,
    tiers,
    timeline,
)
from campaigns.admin.code_forms import AddCodesForm, ImportCodesForm
from campaigns.admin.discounts import DISCOUNT
from campaigns.admin.forms import CampaignForm
from campaigns.admin.gifts import GIFT
from campaigns.models import (
    Campaign,
    CampaignType,
    GenerationStatus,
    PoolType,
    PromotionTier,
    Voucher,
)
from campaigns.services import campaigns, deletion, imports
from loyalty_project.core import access, clock
from loyalty_project.core.admin import actions, base, display
from loyalty_project.core.models import AsyncAction

STATUS_TONES = {
    GenerationStatus.DRAFT: ("quiet", "pencil"),
    GenerationStatus.IN_PROGRESS: ("info", "loader"),
    GenerationStatus.MODIFYING: ("info", "loader"),
    GenerationStatus.DONE: ("good", "circle-check"),
    GenerationStatus.FAILED: ("bad", "circle-x"),
}
# Buttons that touch codes ask for a permission on campaigns and for one on codes.
ON_CODES = {
    "add_codes": ("change", "add"),
    "import_codes": ("import", "import"),
    "export_codes": ("export", "export"),
}
WHEN = ["starts_at", "expires_at", "weekdays", "hours_from", "hours_to"]
BASICS = ["name", "description", "category", "owner"]
# Sections that static/wafa/campaign.js hides where a promotion is chosen.
OF_CODES = {"classes": ["of-codes"]}
OF_COUPONS = {"classes": ["of-codes", "of-coupons"]}
OF_CARDS = {"classes": ["of-codes", "of-cards"]}
ADD = [
    (_("Basics"), {"fields": ["campaign_type", *BASICS]}),
    (
        _("Codes"),
        {
            **OF_CODES,
            "fields": [
                "type",
                "count",
                "pattern",
                "charset",
                "code_prefix",
                "public_code",
                "redemption_limit",
                "join_once",
                "lifetime_days",
            ],
        },
    ),
    (_("Discount"), {**OF_COUPONS, "fields": DISCOUNT}),
    (_("Gift card"), {**OF_CARDS, "fields": [*GIFT, "jurisdiction"]}),
    assignments.WHO,
    (_("When"), {"fields": [*WHEN, "active"]}),
    (_("Attributes"), {"fields": ["metadata"]}),
]
CHANGE = [
    (_("Basics"), {"fields": BASICS}),
    (
        _("Codes"),
        {"fields": ["type", figures.code_format, "redemption_limit", "join_once", "lifetime_days"]},
    ),
    (_("Discount"), {"fields": DISCOUNT}),
    assignments.WHO,
    (_("When"), {"fields": WHEN}),
    (_("Attributes"), {"fields": ["metadata"]}),
]
CHANGE_CARDS = [
    (_("Gift card"), {"fields": [*GIFT, "jurisdiction"]}) if name == _("Discount") else (name, of)
    for name, of in CHANGE
]
CHANGE_PROMOTION = [
    (_("Basics"), {"fields": BASICS}),
    assignments.WHO,
    (_("When"), {"fields": WHEN}),
    (_("Attributes"), {"fields": ["metadata"]}),
]


def can_have_more_codes(campaign: Campaign) -> bool:
    return gives_codes(campaign) and campaign.type != PoolType.STANDALONE


def gives_codes(campaign: Campaign) -> bool:
    return campaign.campaign_type != CampaignType.PROMOTION


@admin.register(Campaign)
class CampaignAdmin(rules_page.RulesPage, bounds.BoundsPage, actions.KillSwitch, base.ProjectAdmin):
    icon = "megaphone"
    form = CampaignForm
    change_form_template = "admin/campaigns/change_form.html"
    change_list_template = "admin/campaigns/change_list.html"
    list_display = [
        "name",
        figures.state,
        figures.discount,
        display.integer_column("vouchers_count"),
        display.badge("generation_status", STATUS_TONES),
        "category",
        display.when("starts_at"),
        display.when("expires_at"),
    ]
    list_select_related = ["category"]
    list_filter = [
        figures.ArchiveFilter,
        "active",
        "campaign_type",
        "type",
        "generation_status",
        "category",
    ]
    search_fields = ["name__istartswith", "public_id__startswith"]
    ordering = ["-created_at", "-pk"]
    page_buttons = ["add_codes", "import_codes", "export_codes"]
    # Apps above add pages below the list: route, view and name.
    more_pages: ClassVar[list[tuple[str, Any, str]]] = []

    class Media:
        js = [Script("wafa/campaign.js", defer=True), Script("wafa/progress.js", defer=True)]

    def prepare_rows(self, rows: Iterable[Any]) -> None:
        promises.look_up(rows)

    def get_urls(self) -> list[Any]:
        own = ("calendar/", timeline.calendar_view, "campaigns_campaign_calendar")
        view = self.admin_site.admin_view
        pages = [
            path(route, view(page), name=name) for route, page, name in (own, *self.more_pages)
        ]
        return [*pages, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Campaign]:
        return super().get_queryset(request).filter(deleted_at__isnull=True)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        del request
        if obj is None:
            return bounds.among(ADD, None)
        if obj.campaign_type == CampaignType.GIFT_VOUCHERS:
            return bounds.among(CHANGE_CARDS, obj)
        return bounds.among(CHANGE if gives_codes(obj) else CHANGE_PROMOTION, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        del request
        return ["name", "type", figures.code_format] if obj else []

    def save_model(self, request: Any, obj: Campaign, form: Any, change: bool) -> None:
        body = form.body()
        if body.get("promotion") and not access.can(request.user, "add", PromotionTier):
            raise PermissionDenied
        values = {"project": request.project, "data": body, "at": clock.now()}
        if change:
            campaigns.update(campaign=obj, **values)
        else:
            base.become(obj, campaigns.create(**values))
        bounds.warn(request, obj.limits.all())
        if body.get("promotion"):
            text = gettext("The discount of the recipe is the first tier of the promotion.")
            messages.info(request, text)

    def response_post_save_add(self, request: HttpRequest, obj: Campaign) -> HttpResponse:
        """To the page with the bar or the tiers, not to the list."""
        del request
        return HttpResponseRedirect(display.url_of(obj))

    def delete_model(self, request: Any, obj: Campaign) -> None:
        deletion.delete_campaign(project=request.project, campaign=obj, force=False, at=clock.now())

    def delete_queryset(self, request: Any, queryset: QuerySet[Campaign]) -> None:
        for campaign in queryset:
            self.delete_model(request, campaign)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Into the bin: its codes go with it, and records of what happened stay."""
        del request
        codes = sum(campaign.vouchers_count for campaign in objs)
        counts = {Campaign._meta.verbose_name_plural: len(objs)}
        counts[Voucher._meta.verbose_name_plural] = codes
        counts[PromotionTier._meta.verbose_name_plural] = tiers.number_of(objs)
        return [str(campaign) for campaign in objs], counts, set(), []

    def may_act(self, request: HttpRequest, permission: str, obj: Any = None) -> bool:
        on_campaign, on_codes = ON_CODES.get(permission, (permission, ""))
        allowed = super().may_act(request, on_campaign, obj)
        return allowed and (not on_codes or access.can(request.user, on_codes, Voucher))

    def switch(self, request: Any, obj: Campaign, *, on: bool) -> None:
        campaigns.set_active(project=request.project, campaign=obj, active=on, at=clock.now())

    def switch_effects(
        self, request: HttpRequest, queryset: QuerySet[Campaign], *, on: bool
    ) -> list[str]:
        del request
        said = costs.before(queryset) if on else []
        return [*figures.switch_effects(queryset, on=on), *said]

    def page_status(self, request: HttpRequest, obj: Campaign) -> Any:
        del request
        return figures.state(obj)

    def page_figures(self, request: HttpRequest, obj: Campaign) -> list[tuple[Any, Any]]:
        del request
        return figures.of_campaign(obj)

    def page_links(self, request: HttpRequest, obj: Campaign) -> list[tuple[Any, str]]:
        del request
        return figures.links(campaign=obj)

    def page_panels(self, request: HttpRequest, obj: Campaign) -> list[tuple[Any, Any]]:
        return [*super().page_panels(request, obj), *beside.panels(request, obj)]

    def page_head(self, request: HttpRequest, obj: Campaign) -> dict[str, Any]:
        return {
            **super().page_head(request, obj),
            "generation": figures.generation(obj),
            "promotion": None if gives_codes(obj) else tiers.panels(request, obj),
        }

    @actions.button(
        _("Add more codes"),
        icon="plus",
        permission="add_codes",
        form=AddCodesForm,
        when=can_have_more_codes,
    )
    def add_codes(self, request: Any, obj: Campaign, data: dict[str, Any]) -> AsyncAction | str:
        made = campaigns.add_vouchers(
            project=request.project, campaign=obj, count=data["count"], at=clock.now()
        )
        if isinstance(made, AsyncAction):
            return made
        return gettext("The code %(code)s was added.") % {"code": made.code}

    @actions.button(
        _("Import codes"),
        icon="upload",
        permission="import_codes",
        form=ImportCodesForm,
        when=can_have_more_codes,
    )
    def import_codes(self, request: Any, obj: Campaign, data: dict[str, Any]) -> AsyncAction:
        return imports.start_csv(
            project=request.project, campaign=obj, upload=data["file"], at=clock.now()
        )

    @actions.button(_("Export codes"), icon="download", permission="export_codes", when=gives_codes)
    def export_codes(
        self, request: Any, obj: Campaign, data: dict[str, Any]
    ) -> StreamingHttpResponse:
        del request, data
        return exports.codes_of(obj)
