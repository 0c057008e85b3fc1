"""The names of rules, published ones and ours (`wafa.…`), and the fact that each reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from campaigns.engine import rollout
from campaigns.engine.facts import Customer
from campaigns.engine.pricing import PricedLine, PricedOrder
from campaigns.engine.rules.conditions import Group, Need, Read, Subject
from loyalty_project.core.predicates import Kind, find, values

ATTRIBUTES: Mapping[str, Kind] = {
    **dict.fromkeys(
        ("name", "email", "phone", "description", "source_id", "line_1", "line_2", "city", "state"),
        Kind.TEXT,
    ),
    **dict.fromkeys(("postal_code", "country"), Kind.TEXT),
    **dict.fromkeys(("birthday", "birthdate", "created_at"), Kind.DATE),
}

_CUSTOMER = frozenset({Need.CUSTOMER})
_ORDER = frozenset({Need.ORDER})


@dataclass(frozen=True, slots=True)
class Name:
    """`reader` makes the reader of the fact for a property, where the name takes one.

    `kinds` narrows the kind by property; with it no other property exists.
    """

    kind: Kind
    group: Group
    reader: Callable[[str], Read]
    needs: frozenset[Need] = frozenset()
    takes_property: bool = False
    looks_after: bool = False
    kinds: Mapping[str, Kind] | None = None


def _plain(read: Callable[[Subject], Any]) -> Callable[[str], Read]:
    return lambda _property: read


def _of_customer(read: Callable[[Customer], Any]) -> Callable[[str], Read]:
    def fact(subject: Subject) -> Any:
        customer = subject.context.customer
        return None if customer is None else read(customer)

    return lambda _property: fact


def _of_order(read: Callable[[PricedOrder], Any], *, after: bool = False) -> Callable[[str], Read]:
    def fact(subject: Subject) -> Any:
        order = subject.after if after else subject.before
        return None if order is None else read(order)

    return lambda _property: fact


def _customer_metadata(key: str) -> Read:
    def fact(subject: Subject) -> Any:
        customer = subject.context.customer
        return None if customer is None else find(customer.metadata, key)

    return fact


def _customer_attribute(key: str) -> Read:
    def fact(subject: Subject) -> Any:
        customer = subject.context.customer
        found = None if customer is None else customer.attributes.get(key)
        return None if found in {"", None} else found

    return fact


def _order_metadata(key: str) -> Read:
    def fact(subject: Subject) -> Any:
        order = subject.before
        return None if order is None else find(order.order.metadata, key)

    return fact


def _request_metadata(key: str) -> Read:
    return lambda subject: find(subject.context.metadata, key)


def _request_context(key: str) -> Read:
    return lambda subject: find(subject.context.caller.context, key)


def _event_metadata(key: str) -> Read:
    return lambda subject: find(subject.context.event, key)


def _wanted(key: str) -> Callable[[str], Read]:
    return _plain(lambda subject: subject.redeemable.wanted.get(key))


def _is_held(subject: Subject) -> bool | None:
    customer = subject.context.customer
    if customer is None:
        return None
    return bool({customer.id, customer.source_id} & subject.redeemable.holder_ids)


def _days_since(read: Callable[[Customer], Any]) -> Callable[[str], Read]:
    """Whole days on the project's clock."""

    def fact(subject: Subject) -> int | None:
        customer, zone = subject.context.customer, subject.context.time_zone
        day = values.day_of(read(customer), zone) if customer is not None else None
        today = subject.context.at.astimezone(zone).date()
        return None if day is None else (today - day).days

    return lambda _property: fact


def _days_since_anniversary(*attributes: str) -> Callable[[str], Read]:
    """0 on the day itself; who was born on 29 February has it on 1 March in other years."""

    def fact(subject: Subject) -> int | None:
        customer, zone = subject.context.customer, subject.context.time_zone
        given = [customer.attributes.get(name) for name in attributes] if customer else []
        day = next((d for d in (values.day_of(each, zone) for each in given) if d), None)
        today = subject.context.at.astimezone(zone).date()
        if day is None or day > today:
            return None
        last = _in_year(day, today.year)
        return (today - (last if last <= today else _in_year(day, today.year - 1))).days

    return lambda _property: fact


def _in_year(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 2, 28) + timedelta(days=1)


def _rollout(subject: Subject) -> Decimal | None:
    return rollout.place_of(subject.redeemable, subject.context)


def _given(order: PricedOrder) -> list[PricedLine]:
    """The lines of the shopper, without those that discounts added."""
    return [line for line in order.lines if line.line.quantity]


def _cost(order: PricedOrder) -> int | None:
    costs = [line.line.cost for line in order.lines]
    if not costs or None in costs:
        return None
    return sum((cost or 0) * line.quantity for cost, line in zip(costs, order.lines, strict=True))


def _margin(order: PricedOrder) -> int | None:
    cost = _cost(order)
    return None if cost is None else order.total_amount - cost


def _customer(kind: Kind, reader: Callable[[str], Read], **more: Any) -> Name:
    return Name(kind, Group.CUSTOMER, reader, _CUSTOMER, **more)


def _order(kind: Kind, reader: Callable[[str], Read], **more: Any) -> Name:
    return Name(kind, Group.ORDER, reader, _ORDER, **more)


def _redemption(kind: Kind, reader: Callable[[str], Read], **more: Any) -> Name:
    return Name(kind, Group.REDEMPTION, reader, **more)


NAMES: Mapping[str, Name] = {
    "customer.segment": _customer(Kind.TEXT, _of_customer(lambda c: c.segments)),
    "customer.metadata": _customer(Kind.ANY, _customer_metadata, takes_property=True),
    "customer.loyalty_tier": _customer(Kind.TEXT, _of_customer(lambda c: c.loyalty_tiers)),
    "order.amount": _order(Kind.NUMBER, _of_order(lambda order: order.total_amount)),
    "order.initial_amount": _order(Kind.NUMBER, _of_order(lambda order: order.initial_amount)),
    "order.total_amount": _order(
        Kind.NUMBER, _of_order(lambda order: order.total_amount, after=True), looks_after=True
    ),
    "order.items.count": _order(Kind.NUMBER, _of_order(lambda order: len(_given(order)))),
    "order.metadata": _order(Kind.ANY, _order_metadata, takes_property=True),
    "redemption.metadata": _redemption(Kind.ANY, _request_metadata, takes_property=True),
    "redemption.api_key": _redemption(Kind.TEXT, _plain(lambda s: s.context.caller.api_key)),
    "redemption.user.login": _redemption(Kind.TEXT, _plain(lambda s: s.context.caller.user)),
    "redemption.gift.amount": _redemption(Kind.NUMBER, _wanted("gift_amount")),
    "redemption.reward.pay_with_points.points_used": _redemption(
        Kind.NUMBER, _wanted("points_used")
    ),
    "publication.redeemable_by_linked_customer": _redemption(
        Kind.BOOLEAN, _plain(_is_held), needs=_CUSTOMER
    ),
    "wafa.customer.attribute": _customer(
        Kind.ANY, _customer_attribute, takes_property=True, kinds=ATTRIBUTES
    ),
    "wafa.customer.last_order_amount": _customer(
        Kind.NUMBER, _of_customer(lambda c: c.last_order_amount)
    ),
    "wafa.customer.days_since_last_order": _customer(
        Kind.NUMBER, _days_since(lambda c: c.last_order_at)
    ),
    "wafa.customer.days_since_birthday": _customer(
        Kind.NUMBER, _days_since_anniversary("birthday", "birthdate")
    ),
    "wafa.customer.days_since_anniversary": _customer(
        Kind.NUMBER, _days_since_anniversary("created_at")
    ),
    "wafa.customer.rollout": _customer(Kind.NUMBER, _plain(_rollout)),
    "wafa.order.units": _order(
        Kind.NUMBER, _of_order(lambda order: sum(each.line.quantity for each in _given(order)))
    ),
    "wafa.order.margin": _order(Kind.NUMBER, _of_order(_margin, after=True), looks_after=True),
    "wafa.context": _redemption(Kind.ANY, _request_context, takes_property=True),
    "wafa.context.channel": _redemption(Kind.TEXT, lambda _: _request_context("channel")),
    "wafa.context.placement": _redemption(Kind.TEXT, lambda _: _request_context("placement")),
    "wafa.context.store": _redemption(Kind.TEXT, lambda _: _request_context("store")),
    "custom_event.metadata": _redemption(Kind.ANY, _event_metadata, takes_property=True),
    "wafa.time": _redemption(Kind.DATE, _plain(lambda subject: subject.context.at)),
}
