"""The page of the stacking rules: one per project, with a preview of what they mean."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.forms.widgets import Script
from django.http import Http404, HttpRequest, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns import queries
from campaigns.admin import stacking_choices, stacking_forms
from campaigns.engine.context import StackingRules as Rules
from campaigns.models import StackingRules
from campaigns.services import stacking_rules
from loyalty_project.core import clock, locks
from loyalty_project.core.admin import base
from loyalty_project.core.admin.actions import button, error_text
from loyalty_project.core.errors import LoyaltyError

SECTIONS = [
    (
        _("How many"),
        {"fields": list(stacking_rules.LIMITS)},
    ),
    (
        _("In which sequence"),
        {"fields": ["redeemables_sorting_rule", "grouped_redeemables_sorting_rule"]},
    ),
    (
        _("What they are taken off"),
        {"fields": ["discount_calculation_mode", "redeemables_products_application_mode"]},
    ),
    (
        _("When one does not work"),
        {"fields": ["redeemables_application_mode", "redeemables_no_effect_rule"]},
    ),
    (_("Gift cards"), {"fields": ["credits_with_discounts", "credits_overflow"]}),
    (
        _("When a redemption is rolled back"),
        {"fields": ["redeemables_rollback_order_mode", "canceled_orders_roll_back"]},
    ),
]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The forms of the page, with the data that came."""

    form: stacking_forms.StackingForm
    rows: list[stacking_forms.CategoryLine]

    def is_valid(self) -> bool:
        return stacking_forms.are_valid(self.form, self.rows)

    @property
    def rules(self) -> Rules:
        if self.form.is_bound:
            return stacking_forms.draft(self.form, self.rows)
        return stacking_forms.stored(self.form.instance, self.rows)


@admin.register(StackingRules)
class StackingRulesAdmin(base.ProjectAdmin):
    icon = "arrow-up-down"
    actions = None
    page_buttons = ["reset"]

    class Media:
        js = [Script("wafa/stacking.js", defer=True)]

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.preview_view)
        own = path("preview/", view, name="campaigns_stackingrules_preview")
        return [own, *super().get_urls()]

    def changelist_view(self, request: Any, extra_context: Any = None) -> HttpResponseBase:
        del extra_context
        return self._page(request, queries.stacking_rules())

    def add_view(self, request: Any, form_url: str = "", extra_context: Any = None) -> Any:
        del form_url, extra_context
        if not self.has_add_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(_address())

    def change_view(
        self, request: Any, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponseBase:
        del form_url, extra_context
        rules = self.get_object(request, unquote(object_id))
        if rules is None:
            raise Http404
        return self._page(request, rules)

    def delete_model(self, request: Any, obj: StackingRules) -> None:
        stacking_rules.delete(project=request.project, rules=obj, at=clock.now())

    @button(
        _("Back to the defaults"), icon="undo-2", permission="delete", confirm=True, danger=True
    )
    def reset(self, request: Any, obj: StackingRules, data: Any) -> HttpResponseBase:
        del data
        self.delete_model(request, obj)
        messages.success(request, gettext("The defaults hold again."))
        return HttpResponseRedirect(_address())

    def reset_effects(self, request: Any, obj: StackingRules) -> list[str]:
        del request, obj
        return [
            gettext("The published defaults hold at once, in every shop and channel."),
            gettext("All categories become ordinary; their places in the hierarchy stay."),
        ]

    def preview_view(self, request: Any) -> HttpResponseBase:
        """The preview as HTML, for the forms as they are filled in and not saved."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        named = stacking_rules.CHOICES[0] in request.POST
        sheet = _sheet(queries.stacking_rules(), request.POST if named else None)
        if named and not sheet.is_valid():
            return JsonResponse(
                {"problem": gettext("Correct the fields; then this shows what they change.")}
            )
        shown = stacking_choices.preview(request.POST, sheet.rows, sheet.rules)
        return JsonResponse(
            {
                name: render_to_string(f"admin/campaigns/stacking_{name}.html", shown, request)
                for name in ("pair", "matrix")
            }
        )

    def _page(self, request: Any, rules: StackingRules | None) -> HttpResponseBase:
        if not self.has_view_permission(request, rules):
            raise PermissionDenied
        sent = request.method == "POST"
        may_write = self._may_write(request, rules)
        if sent and not may_write:
            raise PermissionDenied
        sheet = _sheet(rules, request.POST if sent else None)
        if sent and sheet.is_valid() and self._save(request, sheet):
            messages.success(request, gettext("The stacking rules are saved and hold at once."))
            return HttpResponseRedirect(_address())
        return self._shown(request, rules, sheet, may_write=may_write)

    def _may_write(self, request: HttpRequest, rules: StackingRules | None) -> bool:
        if rules is None:
            return self.has_add_permission(request) and self.has_change_permission(request)
        return self.has_change_permission(request, rules)

    def _save(self, request: Any, sheet: Sheet) -> bool:
        try:
            with locks.waiting():
                stacking_rules.put(
                    project=request.project,
                    data=stacking_forms.body(sheet.form, sheet.rows),
                    hierarchies=stacking_forms.hierarchies(sheet.rows),
                    at=clock.now(),
                )
        except LoyaltyError as error:
            field = error.extra.get("field")
            known = field if field in sheet.form.fields else None
            sheet.form.add_error(known, error_text(error))
            return False
        return True

    def _shown(
        self, request: Any, rules: StackingRules | None, sheet: Sheet, *, may_write: bool
    ) -> TemplateResponse:
        stored = _sheet(queries.stacking_rules(), None) if sheet.form.is_bound else sheet
        problems = [*sheet.form.errors, *(name for row in sheet.rows for name in row.errors)]
        head = self.page_head(request, rules) if rules is not None else {}
        context = {
            **self.admin_site.each_context(request),
            **head,
            "title": _("Stacking"),
            "subtitle": _("Which incentives go together in one request, and in which sequence."),
            "opts": self.opts,
            "original": rules,
            "change": rules is not None,
            "has_history": rules is not None,
            "media": self.media,
            "adminform": helpers.AdminForm(sheet.form, SECTIONS, {}, model_admin=self),
            "errors": bool(problems),
            "problems": problems,
            "sheet": sheet,
            "may_write": may_write,
            "preview_url": reverse("admin:campaigns_stackingrules_preview"),
            **stacking_choices.preview(request.GET, stored.rows, stored.rules),
        }
        return TemplateResponse(request, "admin/campaigns/stacking.html", context)


def _address() -> str:
    return reverse("admin:campaigns_stackingrules_changelist")


def _sheet(rules: StackingRules | None, data: Any) -> Sheet:
    kept = rules or StackingRules()
    return Sheet(
        form=stacking_forms.StackingForm(data, instance=kept),
        rows=stacking_forms.lines(data, rules=kept),
    )
