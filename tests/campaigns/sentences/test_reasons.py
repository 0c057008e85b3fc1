"""Why not, for every reason that the engine gives."""

from datetime import UTC, datetime

import pytest

from campaigns import sentences
from campaigns.engine.counters import Counter, Measure, Period, Scope
from campaigns.engine.evaluate import evaluate
from campaigns.engine.facts import Customer, Order, Usage
from campaigns.engine.redeemable import (
    Bundle,
    Campaign,
    Component,
    HolidayMode,
    Limit,
    Validity,
)
from campaigns.engine.results import Applied, Reason
from redemptions.serializers import reasons
from tests.campaigns.engine.build import (
    AT,
    amount_off,
    asks,
    cart,
    context,
    ruled,
    tier,
    voucher,
)
from tests.campaigns.sentences.spoken import AT_LEAST, FOR_SHOPPERS, TEA, WORDS

FROM_50 = asks("order.amount", AT_LEAST, 5000)
VIP = asks("customer.segment", "$is", "seg_vip")
JULY = Validity(starts_at=datetime(2025, 7, 1, 7, tzinfo=UTC))
MAY = Validity(ends_at=datetime(2025, 5, 1, 7, tzinfo=UTC))
MONDAYS = Validity(days_of_week=frozenset({1}))
HOLIDAYS = Validity(holiday_mode=HolidayMode.ONLY)
DAILY = Limit("lim_1", Measure.REDEMPTIONS, Scope.CAMPAIGN, 2, per_customer=True, period=Period.DAY)
COUNT = Counter(
    Measure.REDEMPTIONS, Scope.CAMPAIGN, "camp_1", Period.DAY, AT.date(), "customer:cust_1"
)


def asked(*conditions, logic=None, **facts):
    return ruled(voucher("A", amount_off(100), **facts), *conditions, logic=logic)


def why(redeemable, words=WORDS, **facts):
    """What is said of a redeemable that is refused at noon of 11 June 2025, UTC."""
    facts = {"order": Order(amount=4200), "customer": Customer("cust_1"), **facts}
    (result,) = evaluate(context(redeemable, **facts)).results
    assert not isinstance(result, Applied)
    return sentences.why(result.reason, words, asked=redeemable.rules)


@pytest.mark.requirement(198)
@pytest.mark.parametrize(
    ("redeemable", "sentence"),
    [
        (voucher("A", exists=False), "It does not exist."),
        (voucher("A", active=False), "It is switched off."),
        (tier("A", active=False), "It is switched off."),
        (voucher("A", campaign=Campaign("c", active=False)), "Its campaign is switched off."),
        (voucher("A", validity=JULY),
         "It has not started yet: it starts on 1 Jul 2025 09:00."),
        (tier("A", campaign=Campaign("c", validity=JULY)),
         "Its campaign has not started yet: it starts on 1 Jul 2025 09:00."),
        (voucher("A", validity=MAY), "It ended on 1 May 2025 09:00."),
        (tier("A", campaign=Campaign("c", validity=MAY)),
         "Its campaign ended on 1 May 2025 09:00."),
        (voucher("A", validity=MONDAYS), "Its days or hours do not include this moment."),
        (tier("A", campaign=Campaign("c", validity=MONDAYS)),
         "The days or hours of its campaign do not include this moment."),
        (voucher("A", validity=HOLIDAYS),
         "By its holiday calendar it does not run on this day."),
        (voucher("A", usage=Usage(limit=5, redeemed=5)), "It was used 5 of 5 times."),
        (voucher("A", usage=Usage(limit=5, redeemed=3, held=2)),
         "It was used 3 of 5 times and is held 2 times."),
        (voucher("A", campaign=Campaign("c", rollout_percent=0)),
         "It is open to 0 % of the customers, and this one is not among them."),
        (asked(FROM_50), "Not met: the order amount must be at least 50.00 EUR."),
        (asked(FROM_50, VIP),
         ("Not met: the order amount must be at least 50.00 EUR, and the customer must be in the "
          "segment VIP.")),
        (asked(asks("wafa.time", "$dow", 3), logic="not 1"),
         "Not met: the time of use must not be on Wednesday."),
        (asked(asks("order.items.any", "$is", TEA)), "Not met: the order must contain Tea."),
        (asked({**FROM_50, "error": {"message": "Spend 50!"}}), "Spend 50!"),
    ],
)  # fmt: skip
def test_says_why_not(redeemable, sentence):
    assert why(redeemable, order=cart(("cup", 1, 4200))) == sentence


def test_says_what_the_request_lacks():
    assert why(asked(VIP), customer=None) == "Say who the customer is."
    assert why(asked(FROM_50), order=None) == "Send the order."
    assert why(asked(FROM_50), order=Order()) == "Send the amount."
    assert why(asked(asks("order.items.any", "$is", TEA)), order=Order(amount=5)) == (
        "Send the items of the order."
    )


def test_says_which_limit_is_reached():
    limited = voucher("A", amount_off(100), campaign=Campaign("camp_1"), limits=(DAILY,))

    assert why(limited, counters={COUNT: 2}) == (
        "A limit is reached: at most 2 uses of the campaign per customer and day."
    )
    assert why(limited, FOR_SHOPPERS, counters={COUNT: 2}) == "Its conditions are not met."


def test_says_that_the_bundle_is_not_whole():
    parts = (Component("product", "prod_tea"), Component("product", "prod_cup"))
    bundled = voucher("A", amount_off(100), bundle=Bundle(parts))

    assert why(bundled, order=cart(("tea", 1, 500))) == (
        "The order does not contain the whole bundle."
    )


@pytest.mark.requirement(253)
@pytest.mark.parametrize(
    ("key", "parameters", "sentence"),
    [
        ("applicable_redeemables_limit_exceeded", {"limit": 1},
         "No more than 1 offer can be applied to an order."),
        ("applicable_redeemables_per_category_limit_exceeded",
         {"limit": 2, "category_id": "cat_x"},
         "No more than 2 offers of the category Coupons can be applied to an order."),
        ("applicable_exclusive_redeemables_limit_exceeded", {"limit": 3},
         "No more than 3 exclusive offers can be applied to an order."),
        ("applicable_exclusive_redeemables_per_category_limit_exceeded",
         {"limit": 1, "category_id": "cat_y"},
         "No more than 1 offer of the category cat_y can be applied to an order."),
        ("exclusion_rules_not_met", {}, "It cannot be combined with another one."),
        ("preceding_validation_failed", {},
         "Another one was refused, and all are applied or none."),
        ("no_effect", {}, "It takes nothing off this order."),
        ("no_applicable_redeemables", {}, "Nothing of it can be applied to this order."),
        ("order_too_blue", {}, "order_too_blue"),
    ],
)  # fmt: skip
def test_says_why_it_was_left_out(key, parameters, sentence):
    assert sentences.why(Reason(key, parameters), WORDS) == sentence


def test_shoppers_learn_neither_segments_nor_counts():
    assert why(asked(VIP), FOR_SHOPPERS) == "It is not for this customer."
    assert why(asked(FROM_50), FOR_SHOPPERS) == "The order does not meet the conditions."
    assert why(voucher("A", usage=Usage(limit=5, redeemed=5)), FOR_SHOPPERS) == (
        "It has been used as often as it can be."
    )
    assert why(voucher("A", campaign=Campaign("c", rollout_percent=0)), FOR_SHOPPERS) == (
        "It is not for this customer."
    )


@pytest.mark.parametrize("key", [*reasons.REFUSALS, *reasons.SKIPS])
def test_every_published_key_has_a_sentence(key):
    details = {"limit": 1, "category_id": "cat_x", "starts_at": AT, "ends_at": AT}

    assert sentences.why(Reason(key, details), WORDS).endswith(".")
