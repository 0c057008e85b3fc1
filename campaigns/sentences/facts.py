"""What a condition is about, as a noun phrase: "the order amount", "the customer's city"."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.engine.rules.conditions import Condition
from campaigns.engine.rules.counted import COUNTED, PAST
from campaigns.sentences import counts
from campaigns.sentences.words import Words


class Unit(StrEnum):
    """How the values of a fact read: minor units, numbers, names of ids, or as they are."""

    AMOUNT = "amount"
    NUMBER = "number"
    NAMED = "named"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Fact:
    """A `certain` fact is there in every request, so that "not" needs no word about unknown ones.

    What is `secret` is not told to shoppers.
    """

    text: str | Promise
    unit: Unit = Unit.PLAIN
    certain: bool = False
    secret: bool = False


def of(condition: Condition, words: Words) -> Fact:
    """The fact of a condition; of a name that nobody has worded yet, the name."""
    key = condition.property or ""
    name = condition.name
    if name in COUNTED:
        kept = COUNTED[name]
        unit = Unit.AMOUNT if counts.is_amount(kept.measure) else Unit.NUMBER
        return Fact(counts.noun(kept), unit, certain=True, secret=counts.is_secret(kept))
    if name in PAST:
        unit = Unit.AMOUNT if name == "wafa.customer.spend" else Unit.NUMBER
        return Fact(counts.noun_of_past(name, key, words), unit)
    if name == "wafa.customer.attribute":
        return Fact(_ATTRIBUTES.get(key, key), secret=True)
    if name in _KEYED:
        return Fact(_KEYED[name] % {"key": key}, secret=name == "customer.metadata")
    return _NAMED.get(name) or Fact(_("“%(key)s”") % {"key": name})


_ATTRIBUTES: Mapping[str, Promise] = {
    "name": gettext_lazy("the customer's name"),
    "email": gettext_lazy("the customer's e-mail address"),
    "phone": gettext_lazy("the customer's phone number"),
    "description": gettext_lazy("the customer's description"),
    "source_id": gettext_lazy("the customer's source id"),
    "line_1": gettext_lazy("the customer's street"),
    "line_2": gettext_lazy("the second line of the customer's address"),
    "city": gettext_lazy("the customer's city"),
    "state": gettext_lazy("the customer's province or state"),
    "postal_code": gettext_lazy("the customer's postal code"),
    "country": gettext_lazy("the customer's country"),
    "birthday": gettext_lazy("the customer's birthday"),
    "birthdate": gettext_lazy("the customer's birthday"),
    "created_at": gettext_lazy("the customer's registration"),
}
_KEYED: Mapping[str, Promise] = {
    "customer.metadata": gettext_lazy("“%(key)s” of the customer"),
    "order.metadata": gettext_lazy("“%(key)s” of the order"),
    "redemption.metadata": gettext_lazy("“%(key)s” of the redemption"),
    "custom_event.metadata": gettext_lazy("“%(key)s” of the event"),
    "order.items.metadata": gettext_lazy("“%(key)s” of the order line"),
    "product.metadata": gettext_lazy("“%(key)s” of the product"),
    "sku.metadata": gettext_lazy("“%(key)s” of the SKU"),
    "wafa.context": gettext_lazy("“%(key)s” of the request"),
}
_QUANTITY = Fact(gettext_lazy("the quantity"), Unit.NUMBER, certain=True)
_PRICE = Fact(gettext_lazy("the unit price"), Unit.AMOUNT)
_ALL_UNITS = Fact(gettext_lazy("the total quantity"), Unit.NUMBER, certain=True)
_ALL_AMOUNT = Fact(gettext_lazy("the total amount"), Unit.AMOUNT, certain=True)
_NAMED: Mapping[str, Fact] = {
    "customer.segment": Fact(
        gettext_lazy("the customer's segment"), Unit.NAMED, certain=True, secret=True
    ),
    "customer.loyalty_tier": Fact(
        gettext_lazy("the customer's loyalty tier"), Unit.NAMED, certain=True
    ),
    "order.amount": Fact(gettext_lazy("the order amount"), Unit.AMOUNT, certain=True),
    "order.initial_amount": Fact(
        gettext_lazy("the order amount before all discounts"), Unit.AMOUNT, certain=True
    ),
    "order.total_amount": Fact(
        gettext_lazy("the order amount after the discount"), Unit.AMOUNT, certain=True
    ),
    "order.items.count": Fact(gettext_lazy("the number of order lines"), Unit.NUMBER, certain=True),
    "redemption.api_key": Fact(gettext_lazy("the API key"), Unit.NAMED, secret=True),
    "redemption.user.login": Fact(gettext_lazy("the member of staff"), secret=True),
    "redemption.gift.amount": Fact(
        gettext_lazy("the amount taken from the gift card"), Unit.AMOUNT
    ),
    "redemption.reward.pay_with_points.points_used": Fact(
        gettext_lazy("the number of points used"), Unit.NUMBER
    ),
    "publication.redeemable_by_linked_customer": Fact(
        gettext_lazy("the redemption by the holder of the code")
    ),
    "wafa.customer.last_order_amount": Fact(
        gettext_lazy("the amount of the customer's last order"), Unit.AMOUNT, secret=True
    ),
    "wafa.customer.days_since_last_order": Fact(
        gettext_lazy("the number of days since the customer's last order"), Unit.NUMBER
    ),
    "wafa.customer.days_since_birthday": Fact(
        gettext_lazy("the number of days since the customer's birthday"), Unit.NUMBER
    ),
    "wafa.customer.days_since_anniversary": Fact(
        gettext_lazy("the number of days since the anniversary of the customer's registration"),
        Unit.NUMBER,
    ),
    "wafa.customer.rollout": Fact(
        gettext_lazy("the customer's place in the rollout"),
        Unit.NUMBER,
        certain=True,
        secret=True,
    ),
    "wafa.order.units": Fact(
        gettext_lazy("the number of units in the order"), Unit.NUMBER, certain=True
    ),
    "wafa.order.margin": Fact(gettext_lazy("the margin of the order"), Unit.AMOUNT, secret=True),
    "wafa.context.channel": Fact(gettext_lazy("the channel")),
    "wafa.context.placement": Fact(gettext_lazy("the placement")),
    "wafa.context.store": Fact(gettext_lazy("the store")),
    "wafa.time": Fact(gettext_lazy("the time of use"), certain=True),
    "order.items.quantity": _QUANTITY,
    "order.items.price": _PRICE,
    "order.items.aggregated_quantity": _ALL_UNITS,
    "order.items.aggregated_amount": _ALL_AMOUNT,
    "product.price": _PRICE,
    "product.quantity": _QUANTITY,
    "product.metadata.aggregated_quantity": _ALL_UNITS,
    "product.metadata.aggregated_amount": _ALL_AMOUNT,
    "sku.price": _PRICE,
    "sku.quantity": _QUANTITY,
}
