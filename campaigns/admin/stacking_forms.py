"""The stacking rules as people set them: one form for the project, one line per category."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns import snapshots
from campaigns.engine import context
from campaigns.models import Category, StackingRules, StackingRulesType
from campaigns.services import stacking_rules
from loyalty_project.core.admin.forms import ProjectForm

MAX_HIERARCHY = 2**31 - 1
STACKS = [("", _("Ordinary")), *StackingRulesType.choices]
BASES = [
    ("", _("As below")),
    ("discounted_amount_mode_categories", _("What is left")),
    ("initial_amount_mode_categories", _("Before discounts")),
]
NO_EFFECT = [
    ("", _("As below")),
    ("no_effect_redeem_anyway_categories", _("Used anyway")),
    ("no_effect_skip_categories", _("Left out")),
]
_TYPES = {kind.value: member for member, kind in stacking_rules.TYPES.items()}


class StackingForm(forms.ModelForm):
    """What holds for the whole project."""

    class Meta(ProjectForm.Meta):
        model = StackingRules
        fields = [*stacking_rules.LIMITS, *stacking_rules.CHOICES, *stacking_rules.FLAGS]
        widgets = dict.fromkeys(stacking_rules.CHOICES, forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in stacking_rules.LIMITS:
            column: Any = StackingRules._meta.get_field(name)
            self.fields[name] = column.formfield(min_value=1, max_value=stacking_rules.MAX_LIMIT)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for small, big in stacking_rules.AT_MOST:
            low, high = self.cleaned_data.get(small), self.cleaned_data.get(big)
            if low is not None and high is not None and low > high:
                text = _("At most %(limit)s, which is “%(name)s”.")
                self.add_error(small, text % {"limit": high, "name": self.fields[big].label})
        return cleaned


class CategoryLine(forms.Form):
    """What holds for one category."""

    hierarchy = forms.IntegerField(min_value=0, max_value=MAX_HIERARCHY, label=_("place"))
    stacks = forms.ChoiceField(choices=STACKS, required=False, label=_("stacking"))
    limit = forms.IntegerField(
        min_value=1, max_value=stacking_rules.MAX_LIMIT, required=False, label=_("applied")
    )
    base = forms.ChoiceField(choices=BASES, required=False, label=_("percent of"))
    no_effect = forms.ChoiceField(choices=NO_EFFECT, required=False, label=_("without effect"))

    def __init__(self, data: Any, *, category: Category, rules: StackingRules) -> None:
        prefix = category.public_id
        given = data if data is not None and f"{prefix}-hierarchy" in data else None
        limits = rules.applicable_redeemables_category_limits
        initial = {
            "hierarchy": category.hierarchy,
            "stacks": category.stacking_rules_type,
            "limit": limits.get(prefix),
            "base": _list_of(prefix, rules, BASES),
            "no_effect": _list_of(prefix, rules, NO_EFFECT),
        }
        super().__init__(given, prefix=prefix, initial=initial)
        self.category = category
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{field.label}: {category.name}"

    @property
    def values(self) -> Mapping[str, Any]:
        """What is chosen; what is stored where the page did not show the category."""
        return self.cleaned_data if self.is_bound else self.initial


def lines(data: Any, *, rules: StackingRules) -> list[CategoryLine]:
    """A line for each category of the project, in their hierarchy."""
    rows = Category.objects.order_by("hierarchy", "name", "pk")
    return [CategoryLine(data, category=row, rules=rules) for row in rows]


def are_valid(form: StackingForm, rows: Sequence[CategoryLine]) -> bool:
    checked = [form.is_valid(), *(row.is_valid() for row in rows if row.is_bound)]
    return all(checked)


def body(form: StackingForm, rows: Sequence[CategoryLine]) -> dict[str, Any]:
    """The published members of valid forms."""
    chosen: dict[str, list[str]] = {
        member: [] for member in (*stacking_rules.TYPES, *stacking_rules.LISTS)
    }
    limits = {}
    for row in rows:
        public_id, values = row.category.public_id, row.values
        for member in (_TYPES.get(values["stacks"]), values["base"], values["no_effect"]):
            if member:
                chosen[member].append(public_id)
        if values["limit"] is not None:
            limits[public_id] = values["limit"]
    return {**form.cleaned_data, **chosen, stacking_rules.CATEGORY_LIMITS: limits}


def hierarchies(rows: Sequence[CategoryLine]) -> dict[str, int]:
    return {row.category.public_id: row.values["hierarchy"] for row in rows}


def draft(form: StackingForm, rows: Sequence[CategoryLine]) -> context.StackingRules:
    """The rules as the engine would read them once valid forms are saved."""
    members = body(form, rows)
    types = {kind.value: members.pop(member) for member, kind in stacking_rules.TYPES.items()}
    return snapshots.stacking_of(StackingRules(**members), types=types)


def stored(rules: StackingRules, rows: Sequence[CategoryLine]) -> context.StackingRules:
    types = {
        kind: [row.category.public_id for row in rows if row.initial["stacks"] == kind]
        for kind in StackingRulesType.values
    }
    return snapshots.stacking_of(rules, types=types)


def _list_of(public_id: str, rules: StackingRules, lists: Sequence[tuple[str, Any]]) -> str:
    return next((name for name, _ in lists if name and public_id in getattr(rules, name)), "")
