"""Which rules restrict a campaign, code or tier, on its page; what a rule restricts, on its own.

A form inherits `RulesForm`, its page `RulesPage`, and one of its sections has WHO.
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelectMultiple, RelatedFieldWidgetWrapper
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.models import RuleAssignment, ValidationRule
from campaigns.queries import rules as rule_queries
from campaigns.services import rule_assignments
from loyalty_project.core import access, clock
from loyalty_project.core.admin import display
from loyalty_project.core.admin.access import StockAdmin
from loyalty_project.core.models import Project

SHOWN = 50
_RULE: Any = RuleAssignment._meta.get_field("rule")


class RulesForm(forms.ModelForm):
    """Who can use it: rules that are chosen, or made in a window of their own."""

    rules = forms.ModelMultipleChoiceField(
        label=_("rules"),
        queryset=None,
        required=False,
        help_text=_("All of them must hold. None: everybody can use it, for any order."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("rules")
        if isinstance(field, forms.ModelMultipleChoiceField):
            field.queryset = ValidationRule.objects.all()
            if self.instance.pk:
                found = rule_queries.assignments_of(self.instance)
                self.initial["rules"] = [each.rule_id for each in found]


WHO = (_("Who can use it"), {"fields": ["rules"]})


class RulesPage(StockAdmin):
    """The page of what rules are assigned to."""

    @admin.display(description=_("Rules"))
    def rules(self, obj: Any) -> Any:
        """For those who may not choose others."""
        found = rule_queries.assignments_of(obj)
        links = ((display.link_to(each.rule),) for each in found)
        return format_html_join(", ", "{}", links) or display.EMPTY

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form_class = super().get_form(request, obj, change=change, **kwargs)
        field = form_class.base_fields.get("rules")
        if field is not None:
            field.widget = self._picker(request)
            field.disabled = not access.can(request.user, "add", RuleAssignment)
        return form_class

    def _picker(self, request: HttpRequest) -> forms.Widget:
        """Finds rules while one types; beside it stands a button that makes one."""
        select = AutocompleteSelectMultiple(_RULE, self.admin_site)
        may_add = access.can(request.user, "add", ValidationRule)
        wrapper: Any = RelatedFieldWidgetWrapper(
            select, _RULE.remote_field, self.admin_site, can_add_related=may_add
        )
        wrapper.can_change_related = wrapper.can_delete_related = False
        wrapper.can_view_related = False
        return wrapper

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        field = form.fields.get("rules")
        if field is not None and not field.disabled:
            save(project=request.project, to=form.instance, rules=form.cleaned_data["rules"])


def save(*, project: Project, to: Any, rules: Iterable[ValidationRule]) -> None:
    """Restrict something by these rules and no others."""
    wanted = {rule.pk: rule for rule in rules}
    values = {"project": project, "at": clock.now()}
    for assignment in list(to.rule_assignments.select_related("rule")):
        if wanted.pop(assignment.rule_id, None) is None:
            rule_assignments.unassign(assignment=assignment, **values)
    for rule in wanted.values():
        rule_assignments.assign(rule=rule, to=to, **values)


def uses_of(rule: ValidationRule) -> Any:
    """What the rule restricts, as a table with links."""
    found = rule_queries.assignments().filter(rule=rule).order_by("-created_at", "-pk")
    names = {
        "campaign": gettext("Campaign"),
        "voucher": gettext("Code"),
        "promotion_tier": gettext("Promotion tier"),
    }
    rows = [
        (
            names[use.related_object_type],
            display.link_to(use.related_object),
            display.when_of(use.created_at),
        )
        for use in found[:SHOWN]
    ]
    if not rows:
        text = gettext("Nothing yet. Choose it on the page of a campaign or code.")
        return format_html("<p>{}</p>", text)
    table = display.table([gettext("Kind"), gettext("Name"), gettext("Since")], rows)
    more = found.count() - len(rows)
    if more <= 0:
        return table
    return format_html(
        '{}<p class="muted">{}</p>', table, gettext("… and %(n)s more") % {"n": more}
    )
