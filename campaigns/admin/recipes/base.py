"""What every recipe is made of: a form of a few values, the discount and rule that they make."""

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.widgets import Script
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.admin.builder import products
from campaigns.admin.builder.drafts import mapping
from loyalty_project.core import money, strict_json
from loyalty_project.core.admin import fields

Document = dict[str, Any]
Text = str | Promise
# Beside the names of ours, which are long.
AT_LEAST, AT_MOST, IS = "$more_than_or_equal", "$less_than_or_equal", "$is"


class Recipe(forms.Form):
    """`icon` and `title` stand in the gallery, `about` says when one wants it."""

    icon = "percent"
    title: Text = ""
    about: Text = ""

    def discount(self, data: Mapping[str, Any]) -> Document:
        """The published discount."""
        raise NotImplementedError

    def rule(self, data: Mapping[str, Any]) -> Document:
        """The published document of the rule, empty where everybody can use it."""
        del data
        return {}


class ItemInput(forms.TextInput):
    """A product, SKU or collection, found while one types: static/wafa/recipe.js."""

    class Media:
        js = [
            Script(f"wafa/{name}.js", defer=True)
            for name in ("builder/dom", "builder/picker", "recipe")
        ]

    def __init__(self, kind: str) -> None:
        super().__init__({"data-item": kind, "dir": "ltr"})


class ItemField(forms.CharField):
    """The published object of what was chosen: `{"object", "id"}`, typed as JSON."""

    def __init__(self, *, kind: str = "products", **kwargs: Any) -> None:
        super().__init__(**kwargs, widget=ItemInput(kind))

    def prepare_value(self, value: Any) -> Any:
        return json.dumps(value) if isinstance(value, Mapping) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            found = products.identity(mapping(strict_json.loads(text)))
        except strict_json.InvalidJson:
            found = {}
        if not all(isinstance(part, str) for part in found.values()) or "id" not in found:
            raise ValidationError(_("Choose one from the list."), code="invalid")
        return found


def percent_field(**kwargs: Any) -> fields.PercentField:
    words = {"label": gettext_lazy("percent off"), "help_text": gettext_lazy("E.g. 10.")}
    return fields.PercentField(**{**words, **kwargs})


def money_field(label: Text, help_text: Text, **kwargs: Any) -> fields.MoneyField:
    return fields.MoneyField(label=label, help_text=help_text, **kwargs)


def count_field(label: Text, help_text: Text, **kwargs: Any) -> forms.IntegerField:
    given = {"label": label, "help_text": help_text, "min_value": 1, "max_value": 9999, **kwargs}
    return forms.IntegerField(**given)


def from_field(**kwargs: Any) -> fields.MoneyField:
    words = {
        "label": gettext_lazy("from an order of"),
        "help_text": gettext_lazy("Before the discount."),
    }
    return fields.MoneyField(**{**words, **kwargs})


def percent(millionths: int, effect: str = "APPLY_TO_ORDER") -> Document:
    return {"type": "PERCENT", "percent_off": money.to_percent(millionths), "effect": effect}


def asks(name: str, operator: str, *values: Any, **more: Any) -> Document:
    return {"name": name, "conditions": {operator: list(values)}, **more}


def numbered(*conditions: Document) -> Document:
    """Rules that must all hold."""
    found: Document = {str(number): each for number, each in enumerate(conditions, start=1)}
    return {**found, "logic": " and ".join(found)}


def from_amount(amount: int | None) -> Document:
    if not amount:
        return {}
    return {"rules": numbered(asks("order.amount", AT_LEAST, amount))}


def only(*entries: Document) -> Document:
    return {"included": list(entries), "excluded": [], "included_all": False}


def component(item: Document, quantity: int = 1) -> Document:
    """A part of a bundle."""
    inner = numbered(asks("order.items.aggregated_quantity", IS, quantity))
    return {"name": "order.items.any", "conditions": {IS: [item]}, "rules": inner}
