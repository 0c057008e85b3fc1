from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import path, reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.admin import assignments, example_page
from campaigns.admin.builder import documents, page, views, wording
from campaigns.admin.rule_form import RuleForm
from campaigns.models import Campaign, PromotionTier, ValidationRule, Voucher
from campaigns.services import rules
from loyalty_project.core import access, clock
from loyalty_project.core.admin import base, display

ROUTE = "campaigns_validationrule"
# Whose forms say what is given, to whom.
GIVING = (ValidationRule, Campaign, Voucher, PromotionTier)
EDITED = [
    (_("Who can use it, and when"), {"fields": ["name", "rules", "message"]}),
    (_("What gets the discount"), {"fields": ["lines", "bundle"]}),
]


def _refuse_others(request: HttpRequest, *models: Any) -> None:
    """Only who may write something is helped to write it."""
    verbs = ("add", "change")
    if not any(access.can(request.user, verb, model) for model in models for verb in verbs):
        raise PermissionDenied


@admin.display(description=_("In words"))
def in_words(rule: ValidationRule) -> Any:
    found = wording.of_document(rule.definition.data) or [gettext("No conditions.")]
    return format_html_join("", "<p>{}</p>", ((text,) for text in found))


@admin.register(ValidationRule)
class ValidationRuleAdmin(base.ProjectAdmin):
    icon = "scroll-text"
    form = RuleForm
    change_form_template = "admin/campaigns/rule.html"
    list_display = [
        "name",
        display.integer_column("assigned", _("Used by")),
        display.when("updated_at"),
    ]
    search_fields = ["name__icontains", "public_id__startswith"]
    ordering = ["-created_at", "-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ValidationRule]:
        rows: QuerySet[ValidationRule] = super().get_queryset(request).select_related("definition")
        return rows.annotate(assigned=Count("assignments"))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Rows for those who may change them, sentences for the others."""
        if obj is None or self.has_change_permission(request, obj):
            return EDITED
        return [(_("Rule"), {"fields": ["name", in_words]})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None or self.has_change_permission(request, obj):
            return []
        return ["name", in_words]

    def get_urls(self) -> list[Any]:
        own = [
            ("choices/", self.choices_view, "choices"),
            ("sentence/", self.sentence_view, "sentence"),
            ("example/", self.example_view, "example"),
        ]
        made = [
            path(route, self.admin_site.admin_view(view), name=f"{ROUTE}_{name}")
            for route, view, name in own
        ]
        return [*made, *super().get_urls()]

    def choices_view(self, request: HttpRequest) -> HttpResponseBase:
        _refuse_others(request, *GIVING)
        return views.choices_view(request)

    def sentence_view(self, request: HttpRequest) -> HttpResponseBase:
        _refuse_others(request, ValidationRule)
        return views.sentence_view(request)

    def example_view(self, request: HttpRequest) -> HttpResponseBase:
        _refuse_others(request, *GIVING)
        return example_page.view(request)

    def save_model(self, request: Any, obj: ValidationRule, form: Any, change: bool) -> None:
        values = {"project": request.project, "data": form.body(), "at": clock.now()}
        if change:
            base.become(obj, rules.update(rule=obj, **values))
        else:
            base.become(obj, rules.create(**values))

    def delete_model(self, request: Any, obj: ValidationRule) -> None:
        rules.delete(project=request.project, rule=obj, at=clock.now())

    def delete_queryset(self, request: Any, queryset: QuerySet[ValidationRule]) -> None:
        for rule in queryset:
            self.delete_model(request, rule)

    def page_panels(self, request: HttpRequest, obj: ValidationRule) -> list[tuple[Any, Any]]:
        del request
        return [(gettext("Where it is used"), assignments.uses_of(obj))]

    def render_change_form(self, request: HttpRequest, context: Any, **kwargs: Any) -> Any:
        form = context["adminform"].form
        obj = kwargs.get("obj")
        if obj is not None and not self.has_change_permission(request, obj):
            return super().render_change_form(request, context, **kwargs)
        drafts = {
            name: form.fields[name].draft(form[name].value())
            for name in documents.DRAFTS
            if name in form.fields
        }
        urls = {name: reverse(f"admin:{ROUTE}_{name}") for name in ("choices", "sentence")}
        context["builder"] = page.config(drafts=drafts, urls=urls)
        if obj is not None and not form.is_bound:
            context["says"] = wording.of_document(obj.definition.data)
        return super().render_change_form(request, context, **kwargs)
