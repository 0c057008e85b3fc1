"""Which incentives go together: asked of the engine on an example order, and said in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from campaigns import sentences
from campaigns.engine import effects, facts, stacking
from campaigns.engine.context import ApplicationMode, Context, SortingRule, StackingRules
from campaigns.engine.evaluate import evaluate
from campaigns.engine.redeemable import Category, Kind, Redeemable
from campaigns.engine.results import Applied, Evaluation, Result
from campaigns.engine.stacking import StackingType
from campaigns.models import Campaign
from campaigns.queries import names
from loyalty_project.core import clock, tenancy
from loyalty_project.core.admin import currency, display

TONES = {
    "together": ("good", "circle-check"),
    "one": ("warn", "circle-alert"),
    "none": ("bad", "circle-x"),
}
SIDE = "side"
SHOWN = 24  # categories in the matrix
# What stands for the incentives of a category.
_EXAMPLES: tuple[dict[str, Any], ...] = (
    {"type": "PERCENT", "percent_off": 10},
    {"type": "AMOUNT"},
)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two that are compared; `discount` is the published document."""

    name: str
    category: Category | None
    discount: Mapping[str, Any]

    def redeemable(self, place: int) -> Redeemable:
        return Redeemable(
            kind=Kind.VOUCHER,
            id=str(place),
            name=self.name,
            discount=effects.read(self.discount),
            categories=(self.category,) if self.category else (),
            facts={SIDE: self},
        )


def of_category(name: str, category: Category | None, place: int, amount: int) -> Side:
    """A category as side 0 or 1: 10 % off, or a twentieth of the example order."""
    discount = dict(_EXAMPLES[place])
    if discount["type"] == "AMOUNT":
        discount["amount_off"] = amount // 20
    return Side(name, category, discount)


def of_campaign(campaign: Campaign, category: Category | None) -> Side:
    return Side(campaign.name, category, (campaign.voucher_template or {})["discount"])


def pair(sides: tuple[Side, Side], rules: StackingRules, amount: int) -> dict[str, Any]:
    """What becomes of two incentives in both sequences, for the template of the pair."""
    looks = [_run(order, rules, amount) for order in (sides, sides[::-1])]
    applied = [result.redeemable.facts[SIDE] for result in looks[0][1].applied]
    state = ("none", "one", "together")[len(applied)]
    return {
        "badge": display.badge_of(state, TONES, _verdict(applied)),
        "why": _sequence(rules, looks) if state == "together" else "",
        "looks": [
            {
                "title": _("%(name)s is asked for first") % {"name": order[0].name},
                "steps": [_step(result, sides, rules) for result in evaluation.results],
                "total": display.money_of(_total(evaluation, amount)),
            }
            for order, evaluation in looks
        ],
        "start": display.money_of(amount),
    }


def matrix(categories: Sequence[Category], rules: StackingRules) -> dict[str, Any]:
    """Every category with every other, and with itself, for the template of the matrix."""
    amount = 10_000
    shown = [*categories[:SHOWN], None]
    sides = [
        of_category(each.name if each else _("Without category"), each, 0, amount) for each in shown
    ]
    return {
        "names": [side.name for side in sides],
        "rows": [
            {"name": row.name, "cells": [_cell((row, column), rules, amount) for column in sides]}
            for row in sides
        ],
        "left_out": max(0, len(categories) - SHOWN),
    }


def _run(
    order: Sequence[Side], rules: StackingRules, amount: int
) -> tuple[Sequence[Side], Evaluation]:
    """Dates, limits and conditions of the incentives themselves are left out of it."""
    redeemables = tuple(side.redeemable(place) for place, side in enumerate(order))
    line = facts.Line(quantity=1, price=amount, amount=amount)
    context = Context(
        at=clock.now(),
        time_zone=ZoneInfo(tenancy.current_project().timezone),
        redeemables=redeemables,
        order=facts.Order(lines=(line,)),
        stacking=replace(rules, redeemables_application_mode=ApplicationMode.PARTIAL),
        exponent=currency.current().exponent,
    )
    return order, evaluate(context)


def _cell(sides: tuple[Side, Side], rules: StackingRules, amount: int) -> dict[str, Any]:
    _order, evaluation = _run(sides, rules, amount)
    applied = [result.redeemable for result in evaluation.applied]
    if len(applied) == 2:
        return {"badge": display.badge_of("together", TONES, _("Together")), "why": ""}
    left = next(result for result in evaluation.results if not isinstance(result, Applied))
    alike = sides[0].category == sides[1].category
    if alike or not applied or left.reason.key != "exclusion_rules_not_met":
        text = _("One of both")
    else:
        text = _("Only %(name)s") % {"name": applied[0].name}
    return {"badge": display.badge_of("one", TONES, text), "why": why(left, sides, rules)}


def _verdict(applied: Sequence[Side]) -> str:
    if len(applied) == 2:
        return _("They go together")
    if not applied:
        return _("Neither has an effect")
    return _("Only one: %(name)s") % {"name": applied[0].name}


def _step(result: Result, sides: Sequence[Side], rules: StackingRules) -> dict[str, Any]:
    side = result.redeemable.facts[SIDE]
    if not isinstance(result, Applied):
        return {"name": side.name, "why": why(result, sides, rules)}
    total = result.order.total_amount if result.order else None
    found = names.names_of(ids=sentences.ids_in_discount(side.discount))
    text = sentences.discount(side.discount, currency.current().text, found)
    return {"name": side.name, "discount": text, "left": display.money_of(total)}


def _total(evaluation: Evaluation, amount: int) -> int:
    return evaluation.order.total_amount if evaluation.order else amount


def _sequence(
    rules: StackingRules,
    looks: Sequence[tuple[Sequence[Side], Evaluation]],
) -> str:
    """Who comes first, and what decides it."""
    first, last = [result.redeemable for result in looks[0][1].results]
    values = {"first": first.name, "last": last.name}
    types = {stacking.type_of(each, rules) for each in (first, last)}
    if rules.joint_always_last and StackingType.JOINT in types and len(types) == 2:
        return _("%(last)s always stacks, and comes last.") % values
    places = [each.categories[0].hierarchy if each.categories else None for each in (first, last)]
    by_hierarchy = rules.redeemables_sorting_rule == SortingRule.CATEGORY_HIERARCHY
    if by_hierarchy and places[0] != places[1]:
        return _("The hierarchy decides: %(first)s, then %(last)s.") % values
    totals = [_total(evaluation, 0) for _order, evaluation in looks]
    if totals[0] == totals[1]:
        return _("The request decides the sequence; here both cost the same.")
    difference = currency.current().text(abs(totals[0] - totals[1]))
    return _("The request decides the sequence; it makes a difference of %(amount)s.") % {
        "amount": difference
    }


def why(result: Any, sides: Sequence[Side], rules: StackingRules) -> str:
    """Why one of the two was left out."""
    reason, mine = result.reason, result.redeemable
    if reason.key == "exclusion_rules_not_met":
        one, other = sides if sides[0] is mine.facts[SIDE] else sides[::-1]
        is_exclusive = stacking.type_of(mine, rules) == StackingType.EXCLUSIVE
        name = one.name if is_exclusive else other.name
        return _("%(name)s never goes with ordinary incentives.") % {"name": name}
    if reason.key.endswith("per_category_limit_exceeded"):
        text = _("The limit of its category, %(limit)s per request, is reached.")
        return text % {"limit": reason.parameters["limit"]}
    return sentences.why(reason)
