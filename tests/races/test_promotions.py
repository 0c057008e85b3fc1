"""Tiers and stacks that change while they are redeemed, and tiers that are made at one moment."""

import pytest

from campaigns.models import PromotionTier
from campaigns.services import promotion_stacks, promotions
from loyalty_project.core import clock, errors
from redemptions.context import Request, Wanted
from redemptions.models import Redemption
from redemptions.services import redemptions
from tests.factories.promotion import PromotionFactory, PromotionStackFactory, PromotionTierFactory

pytestmark = pytest.mark.django_db(transaction=True)


def redeem(project, kind, public_id):
    request = Request(redeemables=(Wanted(kind, public_id),), order={"amount": 9000})
    return redemptions.redeem(project=project, request=request, at=clock.now())


def test_a_redemption_that_waited_for_the_switch_of_its_tier_is_refused(
    at_once, in_project, paused
):
    tier = PromotionTierFactory()
    switching = paused(promotions.state, "exclusive")

    def switch_off():
        promotions.disable(project=in_project, tier=tier, at=clock.now())

    def buy():
        switching.wait(5)
        return redeem(in_project, "promotion_tier", tier.public_id)

    _switched, result = at_once([switch_off, buy])

    assert isinstance(result, errors.LoyaltyError)
    assert result.key == "promotion_inactive"
    assert not Redemption.objects.filter(result="SUCCESS").exists()


def test_a_redemption_that_waited_for_its_stack_uses_the_new_sequence(at_once, in_project, paused):
    campaign = PromotionFactory()
    first, second = PromotionTierFactory.create_batch(2, campaign=campaign)
    stack = PromotionStackFactory(campaign=campaign, tiers=[first, second])
    changing = paused(promotion_stacks.state, "exclusive")

    def change():
        data = {"tiers": {"ids": [second.public_id]}}
        promotion_stacks.update(project=in_project, stack=stack, data=data, at=clock.now())

    def buy():
        changing.wait(5)
        return redeem(in_project, "promotion_stack", stack.public_id)

    _changed, done = at_once([change, buy])

    assert isinstance(done, redemptions.Redeemed)
    assert [made.promotion_tier for made in done.redemptions] == [second]


def test_tiers_that_are_made_at_once_come_one_after_the_other(at_once, in_project):
    campaign = PromotionFactory()
    data = {"name": "Tier", "action": {"discount": {"type": "AMOUNT", "amount_off": 100}}}

    def add():
        return promotions.create(project=in_project, campaign=campaign, data=data, at=clock.now())

    at_once([add] * 4)

    places = PromotionTier.objects.order_by("hierarchy").values_list("hierarchy", flat=True)
    assert list(places) == [1, 2, 3, 4]
