"""Recipes for items: buy some get some, the cheapest, every n-th, volume, bundles, gifts."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from campaigns.admin.recipes import base
from campaigns.admin.recipes.base import AT_LEAST, IS, Document, Recipe
from campaigns.admin.recipes.orders import gift
from loyalty_project.core import money
from rewards.models import ALL_PRODUCTS_ID

ON_ITEMS = "APPLY_TO_ITEMS"
EVERYTHING = {"object": "products_collection", "id": ALL_PRODUCTS_ID}
BUNDLES_MAX = 100
_OF_WHAT = gettext_lazy("A product, SKU or collection.")


class BuySomeGetSome(Recipe):
    icon = "gift"
    title = gettext_lazy("Buy some, get some")
    about = gettext_lazy("Buy 2, get 1 free: of every three the cheapest one is free, or cheaper.")
    item = base.ItemField(label=gettext_lazy("of what"), help_text=_OF_WHAT)
    buy = base.count_field(gettext_lazy("buy"), gettext_lazy("Units at full price."), initial=2)
    get = base.count_field(gettext_lazy("get"), gettext_lazy("Units at a lower price."), initial=1)
    percent = base.percent_field(
        help_text=gettext_lazy("Of these units; 100 is free."), initial=money.MILLION
    )

    def discount(self, data: Mapping[str, Any]) -> Document:
        return base.percent(data["percent"], ON_ITEMS)

    def rule(self, data: Mapping[str, Any]) -> Document:
        entry = {
            **data["item"],
            "effect": "APPLY_FROM_MOST_EXPENSIVE",
            "target": "UNIT",
            "skip_initially": data["buy"],
            "repeat": data["buy"] + data["get"],
            "take": data["get"],
        }
        return {
            "rules": base.numbered(_has(data["item"], data["buy"] + 1)),
            "applicable_to": base.only(entry),
        }


class BuyOneGetAnother(Recipe):
    icon = "arrow-up-down"
    title = gettext_lazy("Buy one product, get another for less")
    about = gettext_lazy("Who buys the grinder gets one bag of beans at half price.")
    bought = base.ItemField(label=gettext_lazy("bought"), help_text=_OF_WHAT)
    given = base.ItemField(label=gettext_lazy("for less"), help_text=_OF_WHAT)
    percent = base.percent_field(help_text=gettext_lazy("Off one unit of the other; 100 is free."))

    def discount(self, data: Mapping[str, Any]) -> Document:
        return base.percent(data["percent"], ON_ITEMS)

    def rule(self, data: Mapping[str, Any]) -> Document:
        parts = base.numbered(base.component(data["bought"]), base.component(data["given"]))
        entry = {**data["given"], "effect": "APPLY_TO_CHEAPEST", "target": "UNIT"}
        return {
            "bundle_rules": {**parts, "limit": 1, "scale_discount": False},
            "applicable_to": base.only(entry),
        }


class CheapestItem(Recipe):
    icon = "trending-down"
    title = gettext_lazy("The cheapest item for less")
    about = gettext_lazy("Half off one unit of the cheapest product of the cart.")
    percent = base.percent_field()
    item = base.ItemField(
        label=gettext_lazy("among"),
        required=False,
        help_text=gettext_lazy("A collection. Empty: all products."),
    )

    def discount(self, data: Mapping[str, Any]) -> Document:
        return base.percent(data["percent"], ON_ITEMS)

    def rule(self, data: Mapping[str, Any]) -> Document:
        item = data["item"] or EVERYTHING
        entry = {**item, "effect": "APPLY_TO_CHEAPEST", "target": "UNIT"}
        return {"applicable_to": base.only(entry)}


class EveryNth(Recipe):
    icon = "layers"
    title = gettext_lazy("Every n-th item for less")
    about = gettext_lazy("Every third unit at half price, the cheaper ones.")
    number = base.count_field(
        gettext_lazy("every how many"),
        gettext_lazy("3: the third, sixth …"),
        initial=3,
        min_value=2,
    )
    percent = base.percent_field()
    item = base.ItemField(
        label=gettext_lazy("among"),
        required=False,
        help_text=gettext_lazy("A collection. Empty: all products."),
    )

    def discount(self, data: Mapping[str, Any]) -> Document:
        return base.percent(data["percent"], ON_ITEMS)

    def rule(self, data: Mapping[str, Any]) -> Document:
        entry = {
            **(data["item"] or EVERYTHING),
            "effect": "APPLY_FROM_MOST_EXPENSIVE",
            "target": "UNIT",
            "skip_initially": data["number"] - 1,
            "repeat": data["number"],
        }
        return {"applicable_to": base.only(entry)}


class Volume(Recipe):
    icon = "package"
    title = gettext_lazy("Volume discount")
    about = gettext_lazy("10 percent off a product from ten pieces on.")
    item = base.ItemField(label=gettext_lazy("of what"), help_text=_OF_WHAT)
    number = base.count_field(
        gettext_lazy("from how many"), gettext_lazy("Units in the cart."), initial=10
    )
    percent = base.percent_field()

    def discount(self, data: Mapping[str, Any]) -> Document:
        return base.percent(data["percent"], ON_ITEMS)

    def rule(self, data: Mapping[str, Any]) -> Document:
        return {
            "rules": base.numbered(_has(data["item"], data["number"])),
            "applicable_to": base.only(data["item"]),
        }


class BundlePrice(Recipe):
    icon = "layers"
    title = gettext_lazy("Cheaper together")
    about = gettext_lazy("Two products bought together cost less, once for each pair.")
    first = base.ItemField(label=gettext_lazy("first product"), help_text=_OF_WHAT)
    second = base.ItemField(label=gettext_lazy("second product"), help_text=_OF_WHAT)
    amount = base.money_field(gettext_lazy("amount off"), gettext_lazy("For each pair."))

    def discount(self, data: Mapping[str, Any]) -> Document:
        return {"type": "AMOUNT", "amount_off": data["amount"], "effect": "APPLY_TO_ORDER"}

    def rule(self, data: Mapping[str, Any]) -> Document:
        parts = base.numbered(base.component(data["first"]), base.component(data["second"]))
        return {"bundle_rules": {**parts, "limit": BUNDLES_MAX}}


class GiftFor(Recipe):
    icon = "gift"
    title = gettext_lazy("A gift for buying something")
    about = gettext_lazy("Something of a category in the cart brings a gift, once.")
    item = base.ItemField(label=gettext_lazy("bought"), help_text=_OF_WHAT)
    number = base.count_field(gettext_lazy("how many"), gettext_lazy("Units of it."), initial=1)
    gift = base.ItemField(
        kind="goods", label=gettext_lazy("gift"), help_text=gettext_lazy("A product or SKU.")
    )

    def discount(self, data: Mapping[str, Any]) -> Document:
        return gift(data["gift"])

    def rule(self, data: Mapping[str, Any]) -> Document:
        return {"rules": base.numbered(_has(data["item"], data["number"]))}


def _has(item: Document, number: int) -> Document:
    inner = base.numbered(base.asks("order.items.aggregated_quantity", AT_LEAST, number))
    return base.asks("order.items.any", IS, item, rules=inner)
