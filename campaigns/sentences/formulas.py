"""What a formula depends on, in words."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.engine.effects.base import InvalidDiscount
from campaigns.engine.operands import ITEM_OPERANDS
from campaigns.sentences.words import Words, all_of
from loyalty_project.core import formulas


def facts(text: str, words: Words) -> list[str]:
    """The facts that a formula asks for, each once; none for shoppers, nor of what has no sense."""
    if words.for_shoppers:
        return []
    try:
        names = formulas.build(text, ITEM_OPERANDS).names
    except formulas.InvalidFormula:
        return []
    found = [fact(name, key) for name, key in sorted(names, key=lambda n: (n[0], n[1] or ""))]
    return list(dict.fromkeys(found))


def fact(name: str, key: str | None) -> str:
    """What an operand is, in words; the key is that of metadata."""
    if key is not None:
        of = next((text for end, text in _KEYED.items() if name.endswith(end)), _OTHER)
        return str(of % {"key": key})
    if name in _NAMES:
        return str(_NAMES[name])
    if name.startswith("CHEAPEST_"):
        return _("the cheapest product in the order")
    if name.startswith("MOST_EXPENSIVE_"):
        return _("the most expensive product in the order")
    return name


def problem(error: InvalidDiscount) -> str:
    """What is wrong with a discount or its formula, as a sentence in the active language."""
    if error.formula is None:
        return str(_OF_DISCOUNTS.get(error.problem, error.problem))
    return wrong(error.formula)


def wrong(formula: formulas.InvalidFormula) -> str:
    """What is wrong with a formula, as a sentence in the active language."""
    kinds = {name: _KINDS.get(value, value) for name, value in formula.values.items()}
    return str(_PROBLEMS[formula.problem] % kinds)


def unknown_in(names: Iterable[tuple[str, str | None]]) -> str:
    """Says of an example which facts of a formula it does not have; empty for none."""
    found = dict.fromkeys(fact(name, key) for name, key in sorted(names, key=str))
    if not found:
        return ""
    text = _(
        "Not known in this example: %(facts)s. Where a formula has no result, its value counts."
    )
    return text % {"facts": all_of(list(found))}


_OF_DISCOUNTS: Mapping[str, Promise] = {
    "is required": gettext_lazy("This field is required."),
    "should be one of the allowed values": gettext_lazy("This does not go with the discount."),
    "must be between 0 and 100": gettext_lazy("Enter a percentage from 0 to 100."),
    "must not have more than 4 decimals": gettext_lazy("Enter at most 4 decimals."),
    "must be a non-negative integer": gettext_lazy("Enter a whole number, 0 or more."),
}
_KINDS: Mapping[Any, Promise] = {
    "The result": gettext_lazy("The result"),
    formulas.Kind.NUMBER: gettext_lazy("a number"),
    formulas.Kind.TEXT: gettext_lazy("a text"),
    formulas.Kind.SWITCH: gettext_lazy("a condition"),
    formulas.Kind.DATE: gettext_lazy("a date"),
    formulas.Kind.ANY: gettext_lazy("metadata"),
}
_PROBLEMS: Mapping[str, Promise] = {
    "must not be empty": gettext_lazy("The formula must not be empty."),
    "ends too early": gettext_lazy("The formula ends too early."),
    "divides by zero": gettext_lazy("The formula divides by zero."),
    "lacks a closing bracket": gettext_lazy("A closing bracket is missing."),
    "needs a value before %(text)s": gettext_lazy("A value is missing before %(text)s."),
    "has %(text)s too much": gettext_lazy("%(text)s is too much."),
    "cannot be read from %(text)s on": gettext_lazy("The formula cannot be read from %(text)s on."),
    "must not have more than %(n)s parts": gettext_lazy(
        "The formula must not have more than %(n)s parts."
    ),
    "must not be longer than %(n)s characters": gettext_lazy(
        "The formula must not be longer than %(n)s characters."
    ),
    "must not be nested deeper than %(n)s": gettext_lazy(
        "The formula must not be nested deeper than %(n)s brackets."
    ),
    "%(name)s can never be computed": gettext_lazy("%(name)s can never be computed."),
    "%(name)s needs %(kind)s, not %(other)s": gettext_lazy(
        "%(name)s needs %(kind)s, not %(other)s."
    ),
    "%(name)s mixes %(kind)s with %(other)s": gettext_lazy(
        "%(name)s mixes %(kind)s with %(other)s."
    ),
    "%(name)s cannot compare %(kind)s": gettext_lazy("%(name)s cannot compare %(kind)s."),
    "%(name)s is no function": gettext_lazy("There is no function %(name)s."),
    "%(name)s is unknown": gettext_lazy("There is no value %(name)s."),
    "%(name)s does not take %(n)s values": gettext_lazy("%(name)s does not take %(n)s values."),
    "%(name)s takes no values": gettext_lazy("%(name)s takes no values in brackets."),
    "%(name)s needs SWITCH_CASE values and one default last": gettext_lazy(
        "%(name)s needs SWITCH_CASE values and one default last."
    ),
    "%(name)s needs a date in quotes": gettext_lazy("%(name)s needs a date in quotes."),
    "%(name)s cannot read the date %(text)s": gettext_lazy(
        "%(name)s cannot read the date %(text)s."
    ),
    '%(name)s needs a key in quotes: %(name)s("key")': gettext_lazy(
        '%(name)s needs a key in quotes: %(name)s("key").'
    ),
}
_OTHER = gettext_lazy("“%(key)s”")
# The longer ends first: the metadata of an item is not that of an order.
_KEYED: Mapping[str, Promise] = {
    "ITEM_PRODUCT_METADATA": gettext_lazy("“%(key)s” of the product"),
    "ITEM_METADATA": gettext_lazy("“%(key)s” of the order line"),
    "ORDER_METADATA": gettext_lazy("“%(key)s” of the order"),
    "CUSTOMER_METADATA": gettext_lazy("“%(key)s” of the customer"),
    "REDEMPTION_METADATA": gettext_lazy("“%(key)s” of the redemption"),
    "REDEEMABLE_METADATA": gettext_lazy("“%(key)s” of the offer"),
    "PUBLICATION_METADATA": gettext_lazy("“%(key)s” of the publication"),
}
_END = gettext_lazy("the end of the offer")
_START = gettext_lazy("the start of the offer")
_NAMES: Mapping[str, Promise] = {
    "ORDER_AMOUNT": gettext_lazy("the order amount"),
    "ORDER_INITIAL_AMOUNT": gettext_lazy("the order amount before all discounts"),
    "ORDER_ITEMS_QUANTITY": gettext_lazy("the number of order lines"),
    "ORDER_UNITS_QUANTITY": gettext_lazy("the number of units in the order"),
    "ORDER_ITEM_PRICE": gettext_lazy("the unit price"),
    "ORDER_ITEM_AMOUNT": gettext_lazy("the amount of the order line"),
    "ORDER_ITEM_SUBTOTAL": gettext_lazy("the amount of the order line after discounts"),
    "ORDER_ITEM_UNITS_QUANTITY": gettext_lazy("the quantity"),
    "VOUCHER_REDEMPTION_QUANTITY": gettext_lazy("how often the code can be used"),
    "VOUCHER_REDEEMED_QUANTITY": gettext_lazy("how often the code was used"),
    "VOUCHER_PUBLISH_COUNT": gettext_lazy("how often the code was given away"),
    "VOUCHER_START_DATE": _START,
    "VOUCHER_EXPIRATION_DATE": _END,
    "PROMOTION_TIER_START_DATE": _START,
    "PROMOTION_TIER_EXPIRATION_DATE": _END,
    "CUSTOMER_BIRTHDATE": gettext_lazy("the customer's birthday"),
    "WAFA_CUSTOMER_ORDERS": gettext_lazy("the number of the customer's orders"),
    "WAFA_CUSTOMER_SPEND": gettext_lazy("the amount that the customer has spent"),
}
