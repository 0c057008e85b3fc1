from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms.widgets import Script
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns import queries
from campaigns.admin import assignments, figures, own_limits, promises, rules_page, states
from campaigns.admin.campaign import WHEN
from campaigns.admin.discounts import DISCOUNT
from campaigns.admin.forms import VoucherForm
from campaigns.admin.resources import VoucherResource
from campaigns.models import Voucher
from campaigns.services import bulk_updates, deletion, vouchers
from loyalty_project.core import clock
from loyalty_project.core.admin import actions, base, display
from loyalty_project.core.models import AsyncAction

ADD = [
    (_("Code"), {"fields": ["code", "redemption_limit", "category", "additional_info"]}),
    (_("Discount"), {"fields": DISCOUNT}),
    assignments.WHO,
    (_("When"), {"fields": [*WHEN, "active"]}),
    own_limits.LIMITS,
    (_("Attributes"), {"fields": ["metadata"]}),
]
FACTS = [display.code("code"), states.why, display.link("campaign"), display.link("holder")]
CHANGE = [
    (_("Code"), {"fields": [*FACTS, "redemption_limit", "category", "additional_info"]}),
    (_("Discount"), {"fields": DISCOUNT}),
    assignments.WHO,
    (_("When"), {"fields": WHEN}),
    own_limits.LIMITS,
    (_("Attributes"), {"fields": ["metadata"]}),
]


@admin.register(Voucher)
class VoucherAdmin(
    rules_page.RulesPage, own_limits.OwnLimitsPage, actions.KillSwitch, base.ProjectAdmin
):
    icon = "ticket"
    form = VoucherForm
    importable = False
    resource_classes = [VoucherResource]
    list_display = [
        display.code("code"),
        states.state,
        states.discount,
        display.link("campaign"),
        states.num_redeemed,
        display.integer_column("publish_count"),
        display.link("holder"),
        display.when("created_at"),
    ]
    # Labelled like columns; a new code has none of them yet.
    readonly_fields = FACTS
    list_select_related = ["campaign", "campaign__category", "category", "definition", "holder"]
    list_filter = [states.StateFilter, "campaign", "category"]
    search_fields = ["code_key__startswith"]
    search_help_text = _("The beginning of a code.")
    ordering = ["-created_at", "-pk"]

    class Media:
        js = [Script("wafa/campaign.js", defer=True)]

    def prepare_rows(self, rows: Iterable[Any]) -> None:
        promises.look_up(rows)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Voucher]:
        rows = super().get_queryset(request).filter(deleted_at__isnull=True)
        return queries.with_usage(rows)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Voucher], search_term: str
    ) -> tuple[QuerySet[Voucher], bool]:
        """By the beginning of the key, which an index serves."""
        del request
        key = queries.code_key(search_term)
        return (queryset.filter(code_key__startswith=key) if key else queryset), False

    def search_hint(self, obj: Voucher) -> str:
        return str(obj.campaign or "")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        del request
        return CHANGE if obj else ADD

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        del request
        return self.readonly_fields if obj else []

    def save_model(self, request: Any, obj: Voucher, form: Any, change: bool) -> None:
        values = {"project": request.project, "data": form.body(), "at": clock.now()}
        if change:
            base.become(obj, vouchers.update(voucher=obj, **values))
        else:
            code = form.cleaned_data["code"]
            base.become(obj, vouchers.create(code=code, **values))
        self.warn_of_limits(request, obj)

    def delete_model(self, request: Any, obj: Voucher) -> None:
        deletion.delete_voucher(project=request.project, voucher=obj, force=False, at=clock.now())

    def delete_queryset(self, request: Any, queryset: QuerySet[Voucher]) -> None:
        for voucher in queryset:
            self.delete_model(request, voucher)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Into the bin, where the code stays taken; records of what happened stay."""
        del request
        counts = {Voucher._meta.verbose_name_plural: len(objs)}
        return [str(voucher) for voucher in objs], counts, set(), []

    def switch(self, request: Any, obj: Voucher, *, on: bool) -> None:
        vouchers.set_active(project=request.project, voucher=obj, active=on, at=clock.now())

    def switch_effects(
        self, request: HttpRequest, queryset: QuerySet[Voucher], *, on: bool
    ) -> list[str]:
        del request
        return states.switch_effects(queryset, on=on)

    def switch_in_background(
        self, request: Any, queryset: QuerySet[Voucher], *, on: bool
    ) -> AsyncAction:
        codes = list(queryset.values_list("public_id", flat=True))
        return bulk_updates.start_switch(
            project=request.project, codes=codes, active=on, at=clock.now()
        )

    def page_status(self, request: HttpRequest, obj: Voucher) -> Any:
        del request
        return states.state(obj)

    def page_figures(self, request: HttpRequest, obj: Voucher) -> list[tuple[Any, Any]]:
        del request
        return [
            (gettext("Redeemed"), states.num_redeemed(obj)),
            (gettext("Published"), display.integer(obj.publish_count)),
            (gettext("Discount"), states.discount(obj)),
        ]

    def page_links(self, request: HttpRequest, obj: Voucher) -> list[tuple[Any, str]]:
        del request
        query = f"?voucher__id__exact={obj.pk}"
        return figures.link(gettext("Redemptions"), "redemptions_redemption_changelist", query)

    def page_panels(self, request: HttpRequest, obj: Voucher) -> list[tuple[Any, Any]]:
        published = (gettext("Publications"), states.publications_of(obj))
        return [*super().page_panels(request, obj), published]
