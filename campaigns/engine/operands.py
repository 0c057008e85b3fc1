"""What formulas may ask for: the published operands, and how each is read, in major units."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

from campaigns.engine.context import Context
from campaigns.engine.pricing import PricedLine, PricedOrder
from campaigns.engine.redeemable import Kind as RedeemableKind
from campaigns.engine.redeemable import Redeemable
from loyalty_project.core import money
from loyalty_project.core.formulas import Formula, Kind, Operand
from loyalty_project.core.formulas.expressions import ARITHMETIC
from loyalty_project.core.predicates import Moment, find

UNITS_MAX = 1_000_000

_MOVING = ("_AMOUNT", "_SUBTOTAL", "_PRICE")


@dataclass(frozen=True, slots=True)
class Scope:
    """`line` is the one whose discount is computed, None for a discount of the whole order."""

    context: Context
    redeemable: Redeemable
    order: PricedOrder
    line: PricedLine | None = None


_Reader = Callable[[Scope, str], Any]


def amount(formula: Formula, scope: Scope) -> int | None:
    """The amount of a formula in minor units, rounded half up, not below 0; None without one."""
    found = _calculate(formula, scope)
    if found is None:
        return None
    minor = found.scaleb(scope.context.exponent, ARITHMETIC).to_integral_value(ROUND_HALF_UP)
    return max(0, int(minor))


def percent(formula: Formula, scope: Scope) -> int | None:
    """The percentage of a formula in millionths, between 0 and 100 %."""
    found = _calculate(formula, scope)
    if found is None:
        return None
    return max(
        0, min(money.MILLION, int(found.scaleb(4, ARITHMETIC).to_integral_value(ROUND_HALF_UP)))
    )


def missing(formula: Formula, scope: Scope) -> frozenset[tuple[str, str | None]]:
    """What a formula asks of an order, its customer and the rest, and does not get there."""
    asked = (each for each in formula.names if each[0] not in PER_LINE)
    return frozenset(each for each in asked if _READERS[each[0]][1](scope, each[1] or "") is None)


def units(formula: Formula, scope: Scope) -> int | None:
    """Whole units, rounded down, not below 0."""
    found = _calculate(formula, scope)
    if found is None:
        return None
    return max(0, min(UNITS_MAX, int(found.to_integral_value(ROUND_FLOOR))))


def is_per_line(formula: Formula) -> bool:
    return any(name in PER_LINE for name, _ in formula.names)


def is_constant(formula: Formula | None) -> bool:
    """Whether no discount can change what a formula comes to."""
    if formula is None:
        return False
    return not any(name in PER_LINE or name.endswith(_MOVING) for name, _ in formula.names)


def has_formula(redeemable: Redeemable) -> bool:
    """Whether anything that it gives is computed, so that the exponent of the currency matters."""
    discount = redeemable.discount
    if discount is None:
        return False
    units = getattr(discount, "units", ())
    priced = redeemable.applicable_to
    found = (discount, *units)
    return any(each.formula is not None for each in found) or any(
        entry.price_formula is not None for entry in priced
    )


def _calculate(formula: Formula, scope: Scope) -> Decimal | None:
    def read(name: str, key: str | None) -> Any:
        return _READERS[name][1](scope, key or "")

    return formula.calculate(read, Moment(scope.context.at, scope.context.time_zone))


def _major(value: int | None, scope: Scope) -> Decimal | None:
    return None if value is None else money.to_major(value, scope.context.exponent)


def _unit_price(line: PricedLine) -> int | None:
    if line.price is not None or line.amount is None or not line.quantity:
        return line.price
    return money.share(line.amount, 1, line.quantity)


def _chosen(scope: Scope, choice: str) -> PricedLine | None:
    """This line, or the cheapest or most expensive one of the shopper's."""
    if choice == "":
        return scope.line
    lines = [
        line for line in scope.order.lines if line.line.quantity and _unit_price(line) is not None
    ]
    sign = -1 if choice == "MOST_EXPENSIVE_" else 1
    return min(lines, key=lambda line: sign * (_unit_price(line) or 0), default=None)


def _line(choice: str, read: Callable[[PricedLine, Scope], Any]) -> _Reader:
    def reader(scope: Scope, _key: str) -> Any:
        line = _chosen(scope, choice)
        return None if line is None else read(line, scope)

    return reader


def _line_metadata(choice: str, *, of_product: bool) -> _Reader:
    def reader(scope: Scope, key: str) -> Any:
        line = _chosen(scope, choice)
        if line is None:
            return None
        fact = line.line
        if not of_product:
            return find(fact.metadata, key)
        product = fact.product or (fact.sku.product if fact.sku is not None else None)
        found = find(fact.sku.metadata, key) if fact.sku is not None else None
        return found if found is not None or product is None else find(product.metadata, key)

    return reader


def _line_operands(choice: str) -> dict[str, tuple[Operand, _Reader]]:
    number = Operand(Kind.NUMBER)
    prefix = f"{choice}ORDER_ITEM_"
    return {
        f"{prefix}PRICE": (number, _line(choice, lambda line, s: _major(_unit_price(line), s))),
        f"{prefix}AMOUNT": (number, _line(choice, lambda line, s: _major(line.amount, s))),
        f"{prefix}SUBTOTAL": (
            number,
            _line(choice, lambda line, s: _major(line.subtotal_amount, s)),
        ),
        f"{prefix}UNITS_QUANTITY": (number, _line(choice, lambda line, _: line.line.quantity)),
        f"{prefix}METADATA": (
            Operand(Kind.ANY, keyed=True),
            _line_metadata(choice, of_product=False),
        ),
        f"{prefix}PRODUCT_METADATA": (
            Operand(Kind.ANY, keyed=True),
            _line_metadata(choice, of_product=True),
        ),
    }


def _metadata(read: Callable[[Scope], Mapping[str, Any] | None]) -> tuple[Operand, _Reader]:
    return Operand(Kind.ANY, keyed=True), lambda scope, key: find(read(scope), key)


def _plain(kind: Kind, read: Callable[[Scope], Any]) -> tuple[Operand, _Reader]:
    return Operand(kind), lambda scope, _: read(scope)


def _customer(kind: Kind, read: Callable[[Any, Scope], Any]) -> tuple[Operand, _Reader]:
    def reader(scope: Scope, _key: str) -> Any:
        customer = scope.context.customer
        return None if customer is None else read(customer, scope)

    return Operand(kind), reader


def _window(of: RedeemableKind, *, end: bool) -> tuple[Operand, _Reader]:
    """The date of the redeemable itself, where it has none that of its campaign."""

    def reader(scope: Scope, _key: str) -> Any:
        redeemable = scope.redeemable
        if redeemable.kind != of:
            return None
        own = redeemable.validity
        theirs = redeemable.campaign.validity if redeemable.campaign is not None else own
        if end:
            return own.ends_at or theirs.ends_at
        return own.starts_at or theirs.starts_at

    return Operand(Kind.DATE), reader


_LINE_OPERANDS = _line_operands("")
_READERS: Mapping[str, tuple[Operand, _Reader]] = {
    **_LINE_OPERANDS,
    **_line_operands("CHEAPEST_"),
    **_line_operands("MOST_EXPENSIVE_"),
    "ORDER_AMOUNT": _plain(Kind.NUMBER, lambda s: _major(s.order.total_amount, s)),
    "ORDER_INITIAL_AMOUNT": _plain(Kind.NUMBER, lambda s: _major(s.order.initial_amount, s)),
    "ORDER_ITEMS_QUANTITY": _plain(
        Kind.NUMBER, lambda s: sum(1 for line in s.order.lines if line.line.quantity)
    ),
    "ORDER_UNITS_QUANTITY": _plain(
        Kind.NUMBER, lambda s: sum(line.line.quantity for line in s.order.lines)
    ),
    "ORDER_METADATA": _metadata(lambda s: s.order.order.metadata),
    "CUSTOMER_METADATA": _metadata(
        lambda s: s.context.customer.metadata if s.context.customer is not None else None
    ),
    "REDEEMABLE_METADATA": _metadata(lambda s: s.redeemable.metadata),
    "REDEMPTION_METADATA": _metadata(lambda s: s.context.metadata),
    "PUBLICATION_METADATA": _metadata(lambda s: s.redeemable.published),
    "VOUCHER_REDEMPTION_QUANTITY": _plain(Kind.NUMBER, lambda s: s.redeemable.usage.limit),
    "VOUCHER_REDEEMED_QUANTITY": _plain(Kind.NUMBER, lambda s: s.redeemable.usage.redeemed),
    "VOUCHER_PUBLISH_COUNT": _plain(Kind.NUMBER, lambda s: s.redeemable.publish_count),
    "VOUCHER_START_DATE": _window(RedeemableKind.VOUCHER, end=False),
    "VOUCHER_EXPIRATION_DATE": _window(RedeemableKind.VOUCHER, end=True),
    "PROMOTION_TIER_START_DATE": _window(RedeemableKind.PROMOTION_TIER, end=False),
    "PROMOTION_TIER_EXPIRATION_DATE": _window(RedeemableKind.PROMOTION_TIER, end=True),
    "CUSTOMER_BIRTHDATE": _customer(
        Kind.DATE, lambda c, _: c.attributes.get("birthday") or c.attributes.get("birthdate")
    ),
    "WAFA_CUSTOMER_ORDERS": _customer(Kind.NUMBER, lambda c, _: c.orders_count),
    "WAFA_CUSTOMER_SPEND": _customer(Kind.NUMBER, lambda c, s: _major(c.orders_amount, s)),
}

PER_LINE = frozenset(_LINE_OPERANDS)
ITEM_OPERANDS: Mapping[str, Operand] = {name: operand for name, (operand, _) in _READERS.items()}
ORDER_OPERANDS: Mapping[str, Operand] = {
    name: operand for name, operand in ITEM_OPERANDS.items() if name not in PER_LINE
}
