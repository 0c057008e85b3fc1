"""Short words for facts, so that a case reads as a row of a table."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from campaigns.engine import effects, rules
from campaigns.engine.context import Context, StackingRules
from campaigns.engine.evaluate import evaluate
from campaigns.engine.facts import Line, Order
from campaigns.engine.redeemable import (
    ApplicableTo,
    Category,
    Kind,
    Pick,
    Redeemable,
    Rule,
    Target,
)
from campaigns.engine.results import Applied, Evaluation, Skipped

AT = datetime(2025, 6, 11, 12, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True)
class Case:
    """`lines` are the cumulative discounts per line; None for what a case does not look at."""

    redeemables: tuple[Redeemable, ...]
    order: Order
    total: int
    discount: int = 0
    lines: tuple[int, ...] | None = None
    amount: int | None = None
    stacking: StackingRules = field(default_factory=StackingRules)
    catalog: dict[str, Any] | None = None


def line(product: str, quantity: int, price: int | None, **facts: Any) -> Line:
    return Line(product_id=f"prod_{product}", quantity=quantity, price=price, **facts)


def cart(*lines: tuple[str, int, int | None]) -> Order:
    return Order(lines=tuple(line(*each) for each in lines))


def voucher(code: str, discount: dict[str, Any] | None = None, **facts: Any) -> Redeemable:
    facts.setdefault("discount", effects.read(discount) if discount else None)
    return Redeemable(Kind.VOUCHER, f"v_{code}", code=code, **facts)


def tier(name: str, discount: dict[str, Any] | None = None, **facts: Any) -> Redeemable:
    facts.setdefault("discount", effects.read(discount) if discount else None)
    return Redeemable(Kind.PROMOTION_TIER, f"promo_{name}", name=name, **facts)


def amount_off(amount: int, effect: str | None = None, **more: Any) -> dict[str, Any]:
    return {"type": "AMOUNT", "amount_off": amount, "effect": effect, **more}


def percent_off(percent: float, effect: str | None = None, **more: Any) -> dict[str, Any]:
    return {"type": "PERCENT", "percent_off": percent, "effect": effect, **more}


def fixed(amount: int, effect: str | None = None) -> dict[str, Any]:
    return {"type": "FIXED", "fixed_amount": amount, "effect": effect}


def units(count: int, unit_type: str, effect: str | None = None) -> dict[str, Any]:
    return {"type": "UNIT", "unit_off": count, "unit_type": unit_type, "effect": effect}


def product(name: str, **more: Any) -> ApplicableTo:
    return ApplicableTo("product", f"prod_{name}", **more)


def collection(name: str, **more: Any) -> ApplicableTo:
    return ApplicableTo("products_collection", f"pc_{name}", **more)


def in_category(name: str, hierarchy: int = 1) -> tuple[Category, ...]:
    return (Category(f"cat_{name}", name, hierarchy),)


def asks(name: str, operator: str, *values: Any, **more: Any) -> dict[str, Any]:
    """One published condition; `property`, `rules` and `message` may follow."""
    message = more.pop("message", None)
    said = {"error": {"message": message}} if message else {}
    return {"name": name, "conditions": {operator: list(values)}, **said, **more}


def rule(*conditions: dict[str, Any], logic: str | None = None, **more: Any) -> Rule:
    """A validation rule of numbered conditions, read from its document."""
    numbered: dict[str, Any] = {str(n): each for n, each in enumerate(conditions, start=1)}
    if logic is not None:
        numbered["logic"] = logic
    rule_id = more.pop("rule_id", "val_1")
    return rules.read({"rules": numbered, **more}, rule_id=rule_id)


def ruled(redeemable: Redeemable, *conditions: Any, **more: Any) -> Redeemable:
    """The redeemable under one validation rule."""
    return rules.assign(redeemable, [rule(*conditions, **more)])


def run(*redeemables: Redeemable, order: Order | None = None, **facts: Any) -> Evaluation:
    return evaluate(context(*redeemables, order=order, **facts))


def context(*redeemables: Redeemable, **facts: Any) -> Context:
    facts.setdefault("at", AT)
    facts.setdefault("time_zone", BERLIN)
    return Context(redeemables=redeemables, **facts)


def said(evaluation: Evaluation) -> list[tuple[str, str]]:
    """Each redeemable with what became of it: "applied", or the key of the reason."""
    return [
        (
            r.redeemable.code or r.redeemable.id,
            "applied" if isinstance(r, Applied) else r.reason.key,
        )
        for r in evaluation.results
    ]


def skipped(evaluation: Evaluation) -> list[tuple[str | None, str]]:
    return [(r.redeemable.code, r.reason.key) for r in evaluation.results if isinstance(r, Skipped)]


EVERY, UNIT = Pick.EVERY, Target.UNIT
