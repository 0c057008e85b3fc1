"""What discounts can be and do, as people choose it, and the names that formulas may use."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.engine import operands
from campaigns.sentences import formulas

Text = str | Promise
SHIPPING = "SHIPPING"
KINDS: list[tuple[str, Text]] = [
    ("PERCENT", gettext_lazy("Percent off")),
    ("AMOUNT", gettext_lazy("Amount off")),
    ("FIXED", gettext_lazy("New price")),
    ("UNIT", gettext_lazy("Products for free")),
    (SHIPPING, gettext_lazy("Free shipping")),
]
BY_DEFAULT = ""
ORDER, ITEMS = "APPLY_TO_ORDER", "APPLY_TO_ITEMS"
EFFECTS: dict[str, Text] = {
    BY_DEFAULT: gettext_lazy("The order, or the items where a rule chooses some"),
    ORDER: gettext_lazy("The order as a whole"),
    ITEMS: gettext_lazy("Each of the chosen items"),
    "APPLY_TO_ITEMS_BY_QUANTITY": gettext_lazy("Each unit of the chosen items"),
    "APPLY_TO_ITEMS_PROPORTIONALLY": gettext_lazy("The chosen items, shared by their price"),
    "APPLY_TO_ITEMS_PROPORTIONALLY_BY_QUANTITY": gettext_lazy(
        "The chosen items, shared by their number"
    ),
}
UNIT_EFFECTS: dict[str, Text] = {
    "ADD_MISSING_ITEMS": gettext_lazy("free in the cart, added where it is missing"),
    "ADD_NEW_ITEMS": gettext_lazy("added to what is in the cart"),
    "ADD_SAME_ITEMS": gettext_lazy("more of the same, for each kind that is in the cart"),
}
_CHOSEN = {
    "CHEAPEST_": gettext_lazy("of the cheapest item"),
    "MOST_EXPENSIVE_": gettext_lazy("of the most expensive item"),
}
_FUNCTIONS = (
    "MIN(…; …)",
    "MAX(…; …)",
    "ROUND(…; 2)",
    "FLOOR(…)",
    "CEIL(…)",
    "IF(… >= …; …; …)",
    "DEFAULT_TO(…; …)",
    "DAYS_SINCE(…)",
    "YEARS_SINCE(…)",
    "MONTH",
    "DAY_OF_MONTH",
)


def names_in_formulas() -> list[dict[str, Any]]:
    """`{"text", "label", "line"}` of what a formula may ask; `line` where it is about one item."""
    found = [
        {"text": _text(name), "label": _label(name), "line": name in operands.PER_LINE}
        for name in operands.ITEM_OPERANDS
    ]
    return found + [{"text": text, "label": "", "line": False} for text in _FUNCTIONS]


def _text(name: str) -> str:
    return f'{name}("key")' if operands.ITEM_OPERANDS[name].keyed else name


def _label(name: str) -> str:
    key = _("key") if operands.ITEM_OPERANDS[name].keyed else None
    for prefix, of in _CHOSEN.items():
        if name.startswith(prefix):
            return f"{formulas.fact(name.removeprefix(prefix), key)} {of}"
    return formulas.fact(name, key)
