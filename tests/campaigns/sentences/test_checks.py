"""Every check of an explanation in one sentence, with what it saw."""

from datetime import UTC, date, datetime

import pytest

from campaigns import sentences
from campaigns.engine.counters import Measure, Scope
from campaigns.engine.explain import explain
from campaigns.engine.facts import Customer, Usage
from campaigns.engine.redeemable import (
    Bundle,
    Campaign,
    Component,
    HolidayMode,
    Limit,
    Validity,
)
from campaigns.engine.results import Applied
from tests.campaigns.engine.build import amount_off, asks, cart, context, ruled, tier, voucher
from tests.campaigns.sentences.spoken import AT_LEAST, TEA, WORDS

ANN = Customer(
    "cust_1", segments=frozenset({"seg_gold", "seg_old"}), attributes={"birthday": "2000-06-11"}
)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def said(redeemable, **facts):
    facts = {"order": cart(("tea", 1, 4200)), "customer": ANN, **facts}
    (found,) = explain(context(redeemable, **facts))
    reason = None if isinstance(found.result, Applied) else found.result.reason
    return [sentences.check(step, redeemable, reason, WORDS) for step in found.steps]


@pytest.mark.requirement(41, 253)
def test_says_every_check_with_what_it_saw():
    redeemable = ruled(
        voucher(
            "A",
            amount_off(100),
            campaign=Campaign(
                "camp_1", validity=Validity(starts_at=utc(2025, 1, 1)), rollout_percent=99
            ),
            validity=Validity(
                ends_at=utc(2025, 12, 31, 23),
                days_of_week=frozenset({3}),
                holidays=frozenset({date(2025, 1, 1)}),
            ),
            usage=Usage(limit=5, redeemed=2),
            limits=(Limit("lim_1", Measure.DISCOUNT, Scope.CAMPAIGN, 50),),
            bundle=Bundle((Component("product", "prod_tea"),)),
        ),
        asks("order.amount", AT_LEAST, 5000),
        asks("customer.segment", "$is", "seg_vip"),
        asks("order.items.any", "$is", TEA),
        asks("order.metadata", "$is", "rain", property="weather"),
        asks("wafa.time", "$dow", 3),
    )

    found = said(redeemable)

    rollout = found.pop(8)
    assert rollout.startswith("It is open to 99 % of the customers (now: ")
    assert found == [
        "It exists.",
        "It is switched on.",
        "Its campaign is switched on.",
        "It runs to the end of 31 Dec 2025.",
        "Valid only on Wednesday (now: 11 Jun 2025 14:00).",
        "Not valid on these days: 1 Jan 2025 (now: 11 Jun 2025).",
        "Its campaign starts on 1 Jan 2025 01:00.",
        "It can be used 5 times; this would be use 3.",
        "At most 0.50 EUR of discount by the campaign (now: 1.00 EUR).",
        "The order amount must be at least 50.00 EUR (now: 42.00 EUR).",
        "The customer must be in the segment VIP (now: Gold, seg_old).",
        "The order must contain Tea.",
        "“weather” of the order must be “rain” (now: unknown).",
        "The time of use must be on Wednesday (now: 11 Jun 2025 14:00).",
        "The order must contain this bundle: 1 unit of Tea (now: 1).",
        (
            "Not met: the order amount must be at least 50.00 EUR, and the customer must be in the "
            "segment VIP, and “weather” of the order must be “rain”."
        ),
    ]


@pytest.mark.parametrize(
    ("redeemable", "last"),
    [
        (voucher("A", exists=False), ["It does not exist."]),
        (voucher("A", active=False), ["It is switched off.", "It is switched off."]),
        (voucher("A", campaign=Campaign("c", active=False)),
         ["Its campaign is switched off.", "Its campaign is switched off."]),
        (tier("A", validity=Validity(starts_at=utc(2025, 7, 1))),
         ["It starts on 1 Jul 2025 02:00.",
          "It has not started yet: it starts on 1 Jul 2025 02:00."]),
        (tier("A", campaign=Campaign("c", validity=Validity(ends_at=utc(2025, 5, 1, 10)))),
         ["Its campaign runs to 1 May 2025 12:00.", "Its campaign ended on 1 May 2025 12:00."]),
        (voucher("A", validity=Validity(holiday_mode=HolidayMode.ONLY)),
         ["Valid only on holidays, of which none is to come (now: 11 Jun 2025).",
          "By its holiday calendar it does not run on this day."]),
    ],
)  # fmt: skip
def test_the_last_check_says_why_not(redeemable, last):
    assert said(redeemable)[-len(last) :] == last


def test_what_applies_has_no_reason_at_its_end():
    assert said(voucher("A", amount_off(100)))[-1] == "It is switched on."


def test_says_limits_of_the_project_and_those_that_do_not_count():
    shared = Limit("lim_1", Measure.REDEMPTIONS, Scope.PROJECT, 9)
    relaxed = Limit("lim_2", Measure.CUSTOMERS, Scope.CAMPAIGN, 1, relaxed={"seg_gold": None})

    found = said(voucher("A", amount_off(100), limits=(relaxed,)), limits=(shared,))

    assert found[-2:] == [
        "This limit does not count for the customer.",
        "At most 9 uses of all offers (now: 1).",
    ]
