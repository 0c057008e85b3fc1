"""The `explain` member, from the engine's explanation to what a client makes of it."""

import random
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from campaigns.engine import changes, explain
from campaigns.engine.evaluate import evaluate
from campaigns.engine.facts import Line
from campaigns.engine.redeemable import DailyHours, Timeframe, Validity
from loyalty_project.core import durations
from redemptions.serializers.explanation import explanations_json
from redemptions.serializers.fact import fact_json
from tests.campaigns.engine.build import AT
from tests.campaigns.engine.test_suggestions import refused_cart
from tests.campaigns.sentences.spoken import WORDS


def read(change):
    """A change as a client reads it from JSON."""
    kind, values = change["type"], {**change}
    values.pop("type")
    if kind == "WAIT":
        return changes.Wait(datetime.fromisoformat(values["until"]))
    if kind == "ADD_ITEMS":
        return changes.AddItems(**{"id": "", **values})
    made = {
        "ADD_AMOUNT": changes.AddAmount,
        "REMOVE_ITEM": changes.RemoveItems,
        "SAY": changes.Say,
        "LEAVE_OUT": changes.Without,
    }
    return made[kind](**values)


@pytest.mark.requirement(197)
def test_what_500_refused_carts_are_told_makes_them_valid():
    rng = random.Random(197)
    refused = helped = 0
    while refused < 500:
        now, target = refused_cart(rng)
        found = explanations_json(explain.explain(now), now, WORDS)[target.id]
        if found["sentence"] == "It applies.":
            continue
        refused += 1
        gap = found["gap"]
        assert gap["sentence"].endswith(".")
        assert gap["possible"] is bool(gap["changes"])
        if not gap["possible"]:
            assert gap["reason"] in {"customer", "used_up", "ended", "not_seen"}
            continue
        helped += 1
        told = [read(change) for change in gap["changes"]]
        amounts = [change.amount for change in told if isinstance(change, changes.AddAmount)]
        assert gap.get("amount", 0) == sum(amounts)
        assert all(WORDS.amount(amount) in gap["sentence"] for amount in amounts)
        applied = evaluate(changes.apply(now, told)).applied
        assert target.id in {result.redeemable.id for result in applied}, gap
    assert helped > 350


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (5, 5),
        (None, None),
        (True, True),
        ("VIP", "VIP"),
        (Decimal("12.50"), 12.5),
        (Decimal(12), 12),
        (AT, "2025-06-11T12:00:00.000Z"),
        (date(2025, 6, 11), "2025-06-11"),
        (frozenset({"b", "a"}), ["a", "b"]),
        ((1, AT), [1, "2025-06-11T12:00:00.000Z"]),
        ({"a": (1,)}, {"a": [1]}),
        ([Line(product_id="prod_1", quantity=2)], [{"product_id": "prod_1", "quantity": 2}]),
        (Line(sku_id="sku_1", source_id="s"), {"sku_id": "sku_1", "source_id": "s", "quantity": 1}),
        (
            Validity(
                timeframe=Timeframe(durations.parse("P1M2D"), durations.parse("PT1H30M5S")),
                days_of_week=frozenset({5, 1}),
                daily_hours=(
                    DailyHours(start=time(18)),
                    DailyHours(frozenset({0}), time(9), time(12, 30)),
                ),
            ),
            {
                "validity_timeframe": {"interval": "P1M2D", "duration": "PT1H30M5S"},
                "validity_day_of_week": [1, 5],
                "validity_hours": {
                    "daily": [
                        {"days_of_week": [], "start_time": "18:00"},
                        {"days_of_week": [0], "start_time": "09:00", "expiration_time": "12:30"},
                    ]
                },
            },
        ),
        (Validity(starts_at=datetime(2025, 1, 1, tzinfo=UTC)), {}),
    ],
)
def test_writes_facts_as_json(fact, expected):
    assert fact_json(fact) == expected
