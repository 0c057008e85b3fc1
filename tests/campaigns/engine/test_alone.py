"""One redeemable asked alone and without reasons: the same answer by a shorter way."""

import random
from dataclasses import replace

from campaigns.engine import evaluate
from campaigns.engine.context import StackingRules
from campaigns.engine.counters import Counter, Measure, Scope
from campaigns.engine.facts import Customer, Order, Usage
from campaigns.engine.redeemable import Limit
from tests.campaigns.engine.build import amount_off, asks, context, percent_off, ruled, voucher
from tests.campaigns.engine.test_best import random_request

TWICE = Limit("lim_1", Measure.REDEMPTIONS, Scope.REDEEMABLE, 2)
BUDGET = Limit("lim_2", Measure.DISCOUNT, Scope.REDEEMABLE, 900)
SPENT = Counter(Measure.REDEMPTIONS, Scope.REDEEMABLE, "v_0")
VARIANTS = (
    {},
    {"active": False},
    {"exists": False},
    {"usage": Usage(limit=1, redeemed=1)},
    {"limits": (TWICE,)},
    {"limits": (BUDGET,)},
)


def test_alone_says_what_an_evaluation_says():
    rng = random.Random(71)
    answers = set()
    for _ in range(400):
        request = random_request(rng, 1, 4)
        asked = replace(request.redeemables[0], **rng.choice(VARIANTS))
        if rng.random() < 0.5:
            asked = ruled(asked, asks("order.amount", "$more_than", rng.randint(1, 3000)))
        after = asks("order.total_amount", "$more_than", rng.randint(1, 3000))
        asked = ruled(asked, after) if rng.random() < 0.3 else asked
        request = replace(request, redeemables=(asked,), counters={SPENT: rng.randint(0, 2)})
        whole = evaluate.evaluate(request)

        found = evaluate.alone(request, asked, evaluate.begin(request))

        assert found == (whole if whole.valid else None)
        answers.add(found is None)
    assert answers == {True, False}


def test_alone_asks_the_rules_of_stacking():
    code = voucher("A", amount_off(100))
    nothing = StackingRules(applicable_redeemables_limit=0)
    request = context(code, order=Order(amount=1000), stacking=nothing)

    assert evaluate.alone(request, code, evaluate.begin(request)) is None


def test_what_a_redeemable_keeps_is_not_that_of_its_copies():
    code = voucher("A", percent_off(10))
    request = context(code, order=Order(amount=1000), customer=Customer("cust_1"))
    assert evaluate.evaluate(request).valid

    later = [replace(code, active=False), ruled(code, asks("order.amount", "$less_than", 1))]
    off = [evaluate.evaluate(replace(request, redeemables=(each,))).valid for each in later]

    assert off == [False, False]
    assert code == voucher("A", percent_off(10))
