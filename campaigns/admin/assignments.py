"""Which rules restrict a campaign, code or tier, on its page; what a rule restricts, on its own.

A form inherits `RulesForm`, its page `rules_page.RulesPage`, and one of its sections is WHO.
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.admin import recipes
from campaigns.admin.discounts import initial_of
from campaigns.admin.recipes import Filled
from campaigns.models import ValidationRule
from campaigns.queries import rules as rule_queries
from campaigns.services import rule_assignments
from loyalty_project.core import clock
from loyalty_project.core.admin import display
from loyalty_project.core.models import Project

SHOWN = 50


class RulesForm(forms.ModelForm):
    """Who can use it: rules that are chosen, or made in a window of their own or by a recipe.

    `made` is what the recipe makes, None for none.
    """

    made: Filled | None = None

    rules: forms.ModelMultipleChoiceField = forms.ModelMultipleChoiceField(
        label=_("rules"),
        queryset=None,
        required=False,
        help_text=_("All of them must hold. None: everybody can use it, for any order."),
    )
    recipe = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("rules")
        if isinstance(field, forms.ModelMultipleChoiceField):
            field.queryset = ValidationRule.objects.all()
            if self.instance.pk:
                found = rule_queries.assignments_of(self.instance)
                self.initial["rules"] = [each.rule_id for each in found]
        if not self.instance.pk:
            self.made = recipes.filled(self["recipe"].value())
            if self.made is not None:
                self.initial = {**self.initial, **initial_of(self.made.discount)}

    def clean_recipe(self) -> str:
        text = str(self.cleaned_data["recipe"])
        if text and self.made is None and not self.instance.pk:
            raise forms.ValidationError(_("The recipe cannot be read. Choose it again."))
        return text


WHO = (_("Who can use it"), {"fields": ["rules"]})


def save(*, project: Project, to: Any, rules: Iterable[ValidationRule]) -> None:
    """Restrict something by these rules and no others."""
    wanted = {rule.pk: rule for rule in rules}
    at = clock.now()
    for assignment in list(to.rule_assignments.select_related("rule")):
        if wanted.pop(assignment.rule_id, None) is None:
            rule_assignments.unassign(project=project, assignment=assignment, at=at)
    for rule in wanted.values():
        rule_assignments.assign(project=project, rule=rule, to=to, at=at)


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
