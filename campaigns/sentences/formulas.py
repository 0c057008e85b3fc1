"""What a formula depends on, in words."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.engine.operands import ITEM_OPERANDS
from campaigns.sentences.words import Words
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
