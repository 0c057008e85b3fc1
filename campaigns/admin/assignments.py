"""Which rules restrict a campaign or code, on its page, and what a rule restricts, on its own."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns import queries
from campaigns.models import RuleAssignment, ValidationRule
from campaigns.services import rule_assignments
from loyalty_project.core import access, clock
from loyalty_project.core.admin import display
from loyalty_project.core.models import Project

SHOWN = 50
Inline: Any = admin.TabularInline


class RuleInline(Inline):
    """Who can use it: rules are chosen, or made in a window of their own. All of them must hold."""

    model = RuleAssignment
    fields = ["rule"]
    autocomplete_fields = ["rule"]
    extra = 0
    verbose_name = _("rule")
    verbose_name_plural = _("Who can use it")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return access.can(request.user, "view", RuleAssignment)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return access.can(request.user, "add", RuleAssignment)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Another rule is another assignment."""
        del request, obj
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return access.can(request.user, "delete", RuleAssignment)


def save(*, project: Project, to: Any, formset: Any) -> None:
    """Carry out what was chosen in a RuleInline of `to`, a campaign, code or promotion tier."""
    formset.save(commit=False)
    for assignment in formset.deleted_objects:
        rule_assignments.unassign(project=project, assignment=assignment, at=clock.now())
    for row in formset.extra_forms:
        if row.has_changed() and row not in formset.deleted_forms:
            rule = row.cleaned_data["rule"]
            rule_assignments.assign(project=project, rule=rule, to=to, at=clock.now())


def uses_of(rule: ValidationRule) -> Any:
    """What the rule restricts, as a table with links."""
    found = queries.rule_assignments().filter(rule=rule).order_by("-created_at", "-pk")
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
        text = gettext("Nothing yet. Assign it on the page of a campaign or code.")
        return format_html("<p>{}</p>", text)
    table = display.table([gettext("Kind"), gettext("Name"), gettext("Since")], rows)
    more = found.count() - len(rows)
    if more <= 0:
        return table
    text = gettext("… and %(n)s more") % {"n": more}
    return format_html('{}<p class="muted">{}</p>', table, text)
