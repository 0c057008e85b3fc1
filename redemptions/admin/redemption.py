from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import path
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from campaigns import queries as campaign_queries
from campaigns.models import Voucher
from loyalty_project.core import clock
from loyalty_project.core.admin import actions, base, display
from redemptions.admin import facts, redeeming, replaying, trying
from redemptions.admin.resources import RedemptionResource
from redemptions.models import Redemption, Result
from redemptions.services import rollbacks

SEARCHED = 200
WHAT = [
    display.code("public_id"),
    facts.code,
    display.link("campaign"),
    display.link("customer"),
    facts.actor,
    display.text_ltr("tracking_id"),
    display.metadata("metadata"),
    display.when("redeemed_at"),
]
OUTCOME = [display.link("order"), facts.decided]
REFUSAL = ["failure_code", "failure_message"]
PARENT = display.link("parent", _("Part of"))
UNDONE = [display.when("rolled_back_at")]


class RollbackForm(forms.Form):
    reason = forms.CharField(
        label=_("reason"), max_length=500, help_text=_("Why it is taken back; kept with it.")
    )


def can_be_taken_back(redemption: Redemption) -> bool:
    """A succeeded one that is not part of a stack; of a stack, its parent."""
    return (
        redemption.result == Result.SUCCESS
        and redemption.rolled_back_at is None
        and redemption.parent_id is None
    )


@admin.register(Redemption)
class RedemptionAdmin(base.ReadOnlyAdmin):
    icon = "badge-check"
    resource_classes = [RedemptionResource]
    list_display = [
        display.code("public_id", _("Redemption")),
        facts.status,
        facts.code,
        display.link("customer"),
        display.link("order"),
        display.money("applied_amount"),
        display.when("redeemed_at"),
    ]
    list_select_related = ["voucher", "promotion_tier", "customer", "order"]
    list_filter = [facts.StatusFilter, "campaign", "channel_type", "redeemed_at"]
    search_fields = ["public_id__startswith"]
    search_help_text = _("The beginning of a code or id.")
    ordering = ["-redeemed_at", "-pk"]
    readonly_fields = [*WHAT, *OUTCOME, *REFUSAL, PARENT, *UNDONE]
    page_buttons = ["roll_back"]

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("redeem/", view(redeeming.redeem_view), name="redemptions_redemption_redeem"),
            path("try/", view(trying.try_view), name="redemptions_redemption_try"),
            path("replay/", view(replaying.replay_view), name="redemptions_redemption_replay"),
            path(
                "replay/<str:public_id>/",
                view(replaying.replayed_view),
                name="redemptions_redemption_replayed",
            ),
            *super().get_urls(),
        ]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """What there is to say of this one."""
        del request
        if obj is not None and obj.result == Result.FAILURE:
            return [*WHAT, *REFUSAL]
        parent = [PARENT] if obj is not None and obj.parent_id else []
        undone = UNDONE if obj is not None and obj.rolled_back_at else []
        return [*WHAT, *parent, *OUTCOME, *undone]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Redemption], search_term: str
    ) -> tuple[QuerySet[Redemption], bool]:
        """By what an index serves: the beginning of an id, or of a code."""
        del request
        term = search_term.strip()
        if not term:
            return queryset, False
        if term.startswith(("r_", "rf_")):
            return queryset.filter(public_id__startswith=term), False
        key = campaign_queries.code_key(term)
        codes = Voucher.objects.filter(code_key__startswith=key).order_by("code_key")
        return queryset.filter(
            voucher__in=list(codes.values_list("pk", flat=True)[:SEARCHED])
        ), False

    def search_hint(self, obj: Redemption) -> str:
        return obj.code

    def page_status(self, request: HttpRequest, obj: Redemption) -> Any:
        del request
        return facts.status(obj)

    def page_figures(self, request: HttpRequest, obj: Redemption) -> list[tuple[Any, Any]]:
        del request
        if obj.result == Result.FAILURE:
            return [
                (gettext("Code"), facts.code(obj)),
                (gettext("Why it was refused"), facts.refusal(obj)),
                (gettext("By"), facts.actor(obj)),
            ]
        return [
            (gettext("Code"), facts.code(obj)),
            (gettext("Promised"), facts.promise(obj)),
            *facts.totals(obj),
            (gettext("By"), facts.actor(obj)),
        ]

    def page_panels(self, request: HttpRequest, obj: Redemption) -> list[tuple[Any, Any]]:
        del request
        panels = []
        children = obj.children.select_related("voucher", "promotion_tier").order_by("pk")
        if children:
            panels.append((gettext("Codes of this redemption"), facts.redemptions_table(children)))
        taken_back = obj.rollbacks.order_by("pk")
        if taken_back:
            rows = [
                (
                    display.code_link(row, row.public_id),
                    row.get_result_display(),
                    row.reason,
                    facts.actor(row),
                    display.when_of(row.rolled_back_at),
                )
                for row in taken_back
            ]
            headers = [
                gettext("Rollback"),
                gettext("Result"),
                gettext("Reason"),
                gettext("By"),
                gettext("When"),
            ]
            panels.append((gettext("Rollbacks"), display.table(headers, rows)))
        return panels

    @actions.button(
        _("Roll back"),
        icon="undo-2",
        permission="rollback",
        form=RollbackForm,
        when=can_be_taken_back,
        danger=True,
    )
    def roll_back(self, request: Any, obj: Redemption, data: dict[str, Any]) -> str:
        done = rollbacks.roll_back_stack(
            project=request.project,
            reference=obj.public_id,
            wish=rollbacks.Wish(reason=data["reason"]),
            at=clock.now(),
        )
        count = len(done.rollbacks)
        says = ngettext(
            "%(n)s redemption is rolled back.", "%(n)s redemptions are rolled back.", count
        )
        return says % {"n": count}

    def roll_back_effects(self, request: HttpRequest, obj: Redemption) -> list[Any]:
        del request
        count = obj.children.count() or 1
        codes = ngettext(
            "%(n)s code can be used once more.", "%(n)s codes can be used once more.", count
        )
        effects = [codes % {"n": count}]
        if obj.order is not None:
            says = gettext("The order %(order)s is canceled and loses the discount.")
            effects.append(says % {"order": obj.order})
        return effects
