import pytest

from campaigns.engine import checks
from campaigns.engine.facts import Order, Usage
from campaigns.engine.redeemable import Validity
from tests.campaigns.engine.build import AT, amount_off, context, run, tier, voucher
from tests.campaigns.engine.cases.refusals import ORDER_OF_REASONS, REFUSALS


@pytest.mark.parametrize(("given", "key"), REFUSALS.values(), ids=REFUSALS.keys())
def test_refuses_at_the_boundary(given, key):
    redeemable, at = given

    reason = checks.first_refusal(redeemable, context(redeemable, at=at), None)

    assert (reason and reason.key) == key


@pytest.mark.parametrize("place", range(len(ORDER_OF_REASONS)))
def test_gives_the_first_of_several_reasons(place):
    faults = {}
    for _, fault in reversed(ORDER_OF_REASONS[place:]):
        faults |= fault
    redeemable = voucher("V", **faults)

    reason = checks.first_refusal(redeemable, context(redeemable), None)

    assert reason.key == ORDER_OF_REASONS[place][0]


def test_a_reason_carries_facts_and_no_sentence():
    evaluation = run(voucher("SUMMER", validity=Validity(None, AT)), order=Order(amount=100))

    (refused,) = evaluation.inapplicable
    assert refused.reason.parameters == {"object": "voucher", "id": "v_SUMMER", "code": "SUMMER"}
    assert refused.reason.details == {"scope": "voucher", "ends_at": AT}


def test_a_used_up_voucher_says_how_often_it_was_used():
    evaluation = run(voucher("V", usage=Usage(limit=3, redeemed=2, held=1)))

    assert evaluation.inapplicable[0].reason.details == {"limit": 3, "redeemed": 2, "held": 1}


def test_a_tier_is_named_by_its_id():
    evaluation = run(tier("gold", amount_off(1), active=False))

    (refused,) = evaluation.inapplicable
    assert refused.reason.parameters == {
        "object": "promotion_tier",
        "id": "promo_gold",
        "code": "promo_gold",
    }


def test_a_refused_voucher_discounts_nothing():
    evaluation = run(voucher("V", amount_off(100), active=False), order=Order(amount=100))

    assert (evaluation.valid, evaluation.order, evaluation.applied) == (False, None, ())
