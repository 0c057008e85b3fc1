"""Recipes: what marketers want, as a few values that fill the discount and the rule of a form.

A recipe with its values travels as one text, `spend_tiers?least=100&percent=10`, through the
address of a page and a hidden field of its form; the documents are made of it anew each time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from campaigns.admin.recipes import customers, items, orders
from campaigns.admin.recipes.base import Recipe, Text

LONGEST = 2_000
RECIPES: Mapping[str, type[Recipe]] = {
    "percent_off": orders.PercentOff,
    "amount_off": orders.AmountOff,
    "spend_tiers": orders.SpendTiers,
    "free_shipping": orders.FreeShipping,
    "buy_some_get_some": items.BuySomeGetSome,
    "buy_one_get_another": items.BuyOneGetAnother,
    "cheapest_item": items.CheapestItem,
    "every_nth": items.EveryNth,
    "volume": items.Volume,
    "bundle_price": items.BundlePrice,
    "gift_from": orders.GiftFrom,
    "gift_for": items.GiftFor,
    "first_order": customers.FirstOrder,
    "win_back": customers.WinBack,
    "birthday": customers.Birthday,
    "good_customers": customers.GoodCustomers,
    "happy_hours": orders.HappyHours,
}


@dataclass(frozen=True, slots=True)
class Filled:
    """A recipe with its values: `rule` is the document of a rule, empty for none."""

    title: Text
    discount: Mapping[str, Any]
    rule: Mapping[str, Any]


def filled(text: Any) -> Filled | None:
    """What a recipe with its values makes; None for a text that is none."""
    key, _sign, query = str(text or "")[:LONGEST].partition("?")
    if key not in RECIPES:
        return None
    form = RECIPES[key](QueryDict(query))
    if not form.is_valid():
        return None
    data = form.cleaned_data
    return Filled(form.title, form.discount(data), form.rule(data))


def text_of(key: str, form: Recipe) -> str:
    """A recipe with the values of its form as they were typed."""
    typed = {name: form[name].value() or "" for name in form.fields}
    return f"{key}?{urlencode(typed)}"
