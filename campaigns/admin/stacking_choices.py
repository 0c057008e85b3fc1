"""Which two incentives the preview of the stacking rules looks at, and on which order."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns import queries
from campaigns.admin import stacking_forms, stacking_preview
from campaigns.admin.stacking_preview import Side
from campaigns.engine.context import StackingRules
from campaigns.engine.redeemable import Category
from campaigns.models import Campaign
from loyalty_project.core.admin import currency, fields

OFFERED = 100  # the newest campaigns
_WITHOUT = "category:"


class PairForm(forms.Form):
    """Which two are looked at side by side, and what the example order costs."""

    first = forms.ChoiceField(label=_("one"))
    second = forms.ChoiceField(label=_("the other"))
    amount = fields.MoneyField(label=_("an order of"))


class Choices:
    """The categories as the page has them, and the newest campaigns with a discount."""

    def __init__(self, rows: Sequence[stacking_forms.CategoryLine]) -> None:
        places = stacking_forms.hierarchies(rows)
        made = [
            Category(id=row.category.public_id, name=row.category.name, hierarchy=place)
            for row in rows
            for place in (places[row.category.public_id],)
        ]
        self.categories = {each.id: each for each in sorted(made, key=lambda each: each.hierarchy)}
        with_discount = queries.campaigns().filter(voucher_template__has_key="discount")
        newest = with_discount.order_by("-created_at", "-pk")[:OFFERED]
        self.campaigns: Mapping[str, Campaign] = {each.public_id: each for each in newest}

    def groups(self) -> list[tuple[str, list[tuple[str, str]]]]:
        categories = [(f"category:{key}", each.name) for key, each in self.categories.items()]
        categories.append((_WITHOUT, gettext("Without category")))
        campaigns = [(f"campaign:{key}", each.name) for key, each in self.campaigns.items()]
        return [(gettext("Categories"), categories), (gettext("Campaigns"), campaigns)]

    def side(self, key: str, place: int, amount: int) -> Side:
        kind, _colon, public_id = key.partition(":")
        if kind == "campaign":
            campaign = self.campaigns[public_id]
            own = campaign.category.public_id if campaign.category else ""
            return stacking_preview.of_campaign(campaign, self.categories.get(own))
        category = self.categories.get(public_id)
        name = category.name if category else gettext("Without category")
        return stacking_preview.of_category(name, category, place, amount)


def preview(
    data: Any, rows: Sequence[stacking_forms.CategoryLine], rules: StackingRules
) -> dict[str, Any]:
    """What the templates of pair and matrix show; `data` holds what is chosen to look at."""
    choices = Choices(rows)
    form = _pair_form(data, choices)
    amount = form.cleaned_data["amount"]
    one = choices.side(form.cleaned_data["first"], 0, amount)
    other = choices.side(form.cleaned_data["second"], 1, amount)
    if one.name == other.name:
        other = replace(other, name=f"{other.name} (2)")
    return {
        "pair_form": form,
        "pair": stacking_preview.pair((one, other), rules, amount),
        "matrix": stacking_preview.matrix(list(choices.categories.values()), rules),
    }


def _pair_form(data: Any, choices: Choices) -> PairForm:
    """With what was chosen where that can be shown, else with what is worth a look."""
    groups = choices.groups()
    offered = [key for _name, pairs in groups for key, _label in pairs if key != _WITHOUT]
    usual = {
        "first": (offered or [_WITHOUT])[0],
        "second": (offered[1:] or [_WITHOUT])[0],
        "amount": "100" if currency.current().digits else "1000000",
    }
    chosen = {name: data[name] for name in usual if data.get(name)}
    for values in ({**usual, **chosen}, usual):
        form = PairForm(values)
        for name in ("first", "second"):
            field: Any = form.fields[name]
            field.choices = groups
        if form.is_valid() and form.cleaned_data["amount"]:
            break
    return form
