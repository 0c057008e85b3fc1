from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.views.main import ORDER_VAR
from django.db.models import QuerySet
from django.forms.widgets import Script
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns import queries
from campaigns.admin import (
    assignments,
    beside,
    figures,
    gifts,
    own_limits,
    promises,
    rules_page,
    states,
)
from campaigns.admin.campaign import OF_CARDS, OF_COUPONS, WHEN
from campaigns.admin.code_forms import VoucherForm
from campaigns.admin.discounts import DISCOUNT, amount_text
from campaigns.admin.resources import VoucherResource
from campaigns.models import Voucher
from campaigns.services import bulk_updates, deletion, gift_cards, vouchers
from loyalty_project.core import clock
from loyalty_project.core.admin import actions, base, display
from loyalty_project.core.models import AsyncAction

ADD = [
    (
        _("Code"),
        {"fields": ["voucher_type", "code", "redemption_limit", "category", "additional_info"]},
    ),
    (_("Discount"), {**OF_COUPONS, "fields": DISCOUNT}),
    (_("Gift card"), {**OF_CARDS, "fields": gifts.GIFT}),
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
CHANGE_CARD = [
    (_("Gift card"), {"fields": gifts.GIFT}) if name == _("Discount") else (name, of)
    for name, of in CHANGE
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
        gifts.num_balance,
        display.link("campaign"),
        states.num_redeemed,
        display.integer_column("publish_count"),
        display.link("holder"),
        display.when("created_at"),
    ]
    # Labelled like columns; a new code has none of them yet.
    readonly_fields = FACTS
    list_select_related = [
        "campaign",
        "campaign__category",
        "category",
        "definition",
        "holder",
        "account",
    ]
    list_filter = [states.StateFilter, "campaign", "category"]
    search_fields = ["code_key__startswith"]
    search_help_text = _("The beginning of a code.")
    ordering = ["-created_at", "-pk"]

    page_buttons = ["change_balance", "cash_out"]

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
        """By the beginning of the key and, unless a column was clicked, in its order.

        One index serves both, so that among millions no more is read than is shown.
        """
        key = queries.code_key(search_term)
        if key:
            queryset = queryset.filter(code_key__startswith=key)
            if ORDER_VAR not in request.GET:
                queryset = queryset.order_by("code_key")
        return queryset, False

    def search_hint(self, obj: Voucher) -> str:
        return str(obj.campaign or "")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        del request
        if obj is None:
            return ADD
        return CHANGE_CARD if gifts.is_card(obj) else CHANGE

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
            *gifts.figures(obj),
            (gettext("Redeemed"), states.num_redeemed(obj)),
            *states.held(obj),
            (gettext("Published"), display.integer(obj.publish_count)),
            (gettext("Gives"), states.discount(obj)),
        ]

    def page_links(self, request: HttpRequest, obj: Voucher) -> list[tuple[Any, str]]:
        query = f"?voucher__id__exact={obj.pk}"
        found = figures.link(gettext("Redemptions"), "redemptions_redemption_changelist", query)
        if request.user.has_perm("redemptions.add_redemption"):
            query = "?" + urlencode({"code": obj.code})
            found += figures.link(gettext("Redeem"), "redemptions_redemption_redeem", query)
        if gifts.is_card(obj):
            query = f"?account__id__exact={obj.account_id}"
            found += figures.link(gettext("Movements"), "rewards_ledgerentry_changelist", query)
        return found

    def page_panels(self, request: HttpRequest, obj: Voucher) -> list[tuple[Any, Any]]:
        found = [
            *super().page_panels(request, obj),
            *beside.panels(request, obj),
            (gettext("Publications"), states.publications_of(obj)),
        ]
        if gifts.is_card(obj):
            found.insert(0, (gettext("Statement"), gifts.statement(obj)))
        return found

    @actions.button(
        _("Change balance"),
        icon="pencil",
        permission="adjust",
        form=gifts.BalanceForm,
        when=gifts.is_card,
    )
    def change_balance(self, request: Any, obj: Voucher, data: dict[str, Any]) -> str:
        amount = data["amount"] if data["direction"] == "on" else -data["amount"]
        entry = gift_cards.change_balance(
            project=request.project,
            voucher=obj,
            amount=amount,
            reason=data["reason"],
            at=clock.now(),
        )
        says = gettext("The card now holds %(balance)s.")
        return says % {"balance": amount_text(entry.balance_after)}

    @actions.button(
        _("Pay out"),
        icon="coins",
        permission="cash_out",
        form=gifts.CashOutForm,
        when=gifts.can_be_paid_out,
        danger=True,
    )
    def cash_out(self, request: Any, obj: Voucher, data: dict[str, Any]) -> str:
        entry = gift_cards.cash_out(
            project=request.project, voucher=obj, reason=data["reason"], at=clock.now()
        )
        says = gettext("%(amount)s were paid out.")
        return says % {"amount": amount_text(-entry.amount)}

    def change_balance_effects(self, request: HttpRequest, obj: Voucher) -> list[str]:
        del request
        return gifts.balance_effects(obj)

    def cash_out_effects(self, request: HttpRequest, obj: Voucher) -> list[str]:
        del request
        return gifts.cash_out_effects(obj)
