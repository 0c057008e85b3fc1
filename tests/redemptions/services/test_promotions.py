"""Promotion tiers and stacks through the whole path."""

import pytest

from loyalty_project.core.errors import NotFound
from redemptions.models import Redemption
from redemptions.services import redemptions
from redemptions.services.tries import NotRedeemable
from tests.factories.limit import LimitFactory
from tests.factories.promotion import PromotionFactory, PromotionStackFactory, PromotionTierFactory
from tests.redemptions.terms import redeem, ruled, undo, validate, why

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_project")]


@pytest.fixture
def promotion():
    return PromotionFactory(name="Spring")


@pytest.fixture
def tier(promotion):
    return PromotionTierFactory(campaign=promotion, name="Ten off")


def test_a_tier_is_redeemed_without_a_code(in_project, tier, promotion, at):
    done = redeem(in_project, at, tier.public_id, kind="promotion_tier")

    stored = Redemption.objects.get()
    assert (stored.promotion_tier, stored.voucher, stored.campaign) == (tier, None, promotion)
    assert (stored.applied_amount, done.order.total_amount) == (1000, 1000)


def test_an_unknown_tier_is_refused_as_an_unknown_code_is(in_project, at):
    assert why(in_project, at, "promo_none", kind="promotion_tier") == "not_found"


def test_a_tier_that_is_off_is_refused(in_project, tier, at):
    tier.active = False
    tier.save()

    assert why(in_project, at, tier.public_id, kind="promotion_tier") == "promotion_inactive"


def test_rules_and_limits_of_tier_and_campaign_hold(in_project, tier, promotion, at):
    ruled(promotion, ("order.amount", {"$more_than": [1000]}))
    ruled(tier, ("order.amount", {"$less_than": [9000]}))
    LimitFactory(promotion_tier=tier, value=1)

    def refusal(amount):
        return why(in_project, at, tier.public_id, kind="promotion_tier", amount=amount)

    assert [refusal(amount) for amount in (1000, 5000, 9000)] == [
        "order_rules_violated",
        None,
        "order_rules_violated",
    ]
    redeem(in_project, at, tier.public_id, kind="promotion_tier", amount=5000)
    assert refusal(5000) == "redemption_rules_violated"


def test_a_stack_stands_for_its_tiers_in_their_sequence(in_project, promotion, at):
    tiers = [PromotionTierFactory(campaign=promotion, hierarchy=9 - n) for n in range(2)]
    stack = PromotionStackFactory(campaign=promotion, tiers=tiers)

    done = redeem(in_project, at, stack.public_id, kind="promotion_stack", amount=5000)

    assert [r.promotion_tier for r in done.redemptions] == tiers
    assert done.parent.applied_amount == 2000
    undo(in_project, at, done.parent)
    assert Redemption.objects.filter(rolled_back_at=None).count() == 0


def test_an_unknown_stack_is_not_found(in_project, at):
    with pytest.raises(NotFound):
        validate(in_project, at, "stack_none", kind="promotion_stack")


def test_a_tier_that_changed_since_it_was_read_is_read_again(in_project, tier, at, monkeypatch):
    def switched_off(**_values):
        type(tier).objects.filter(pk=tier.pk).update(active=False, version=tier.version + 1)

    monkeypatch.setattr(redemptions.guessing, "note", switched_off)

    with pytest.raises(NotRedeemable) as refused:
        redeem(in_project, at, tier.public_id, kind="promotion_tier")

    assert refused.value.key == "promotion_inactive"
    failed = Redemption.objects.get()
    assert (failed.promotion_tier, failed.result) == (tier, "FAILURE")
