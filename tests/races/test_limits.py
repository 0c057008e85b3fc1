"""Limits under contention: never above, and never refused while something is left."""

import pytest

from loyalty_project.core import clock, guarded
from redemptions import usage
from redemptions.context import Request, Wanted
from redemptions.models import Redemption, UsageCounter
from redemptions.services import redemptions, rollbacks
from redemptions.services.rollbacks import Wish
from tests.factories.campaign import CampaignFactory
from tests.factories.customer import CustomerFactory
from tests.factories.limit import BudgetFactory, LimitFactory
from tests.factories.promotion import PromotionTierFactory
from tests.redemptions.terms import ruled

pytestmark = pytest.mark.django_db(transaction=True)


def buyer(project, name, *, kind="voucher", amount=2000, **more):
    request = Request(redeemables=(Wanted(kind, name),), order={"amount": amount}, **more)
    return lambda: redemptions.redeem(project=project, request=request, at=clock.now())


def succeeded(results):
    return [result for result in results if isinstance(result, redemptions.Redeemed)]


def given(results):
    return sum(result.order.discount_amount for result in succeeded(results))


@pytest.mark.requirement(80)
def test_a_campaign_of_five_gives_five_to_eight_buyers(at_once, code, in_project):
    campaign = CampaignFactory()
    code("FIVE", campaign=campaign)
    LimitFactory(campaign=campaign, value=5)

    results = at_once([buyer(in_project, "FIVE")] * 8)

    assert len(succeeded(results)) == 5
    assert {error.key for error in results if isinstance(error, Exception)} == {
        "redemption_rules_violated"
    }
    assert UsageCounter.objects.get().used == 5


def test_without_the_guard_it_would_give_more(at_once, code, in_project, monkeypatch):
    campaign = CampaignFactory()
    code("FIVE", campaign=campaign)
    LimitFactory(campaign=campaign, value=5)
    original = usage.consume
    monkeypatch.setattr(usage, "consume", lambda **values: original(**{**values, "limits": {}}))

    results = at_once([buyer(in_project, "FIVE")] * 8)

    assert len(succeeded(results)) > 5


NEGATED = [{"$is_not": [4]}, {"$not_in": [4, 9]}, {"$in": [1, 2, 3, 6]}]


@pytest.mark.requirement(52)
@pytest.mark.parametrize("conditions", NEGATED)
def test_a_count_that_must_not_be_reached_is_not(at_once, code, in_project, conditions):
    """Three fit; the fourth, and whoever would come after it, is refused."""
    campaign = CampaignFactory()
    code("FIVE", campaign=campaign)
    ruled(campaign, ("campaign.redemptions.count", conditions))

    results = at_once([buyer(in_project, "FIVE")] * 8)

    assert (len(succeeded(results)), UsageCounter.objects.get().used) == (3, 3)


def test_without_what_it_relied_on_it_would_be(at_once, code, in_project, monkeypatch):
    campaign = CampaignFactory()
    code("FIVE", campaign=campaign)
    ruled(campaign, ("campaign.redemptions.count", NEGATED[0]))
    original = usage.consume
    monkeypatch.setattr(usage, "consume", lambda **values: original(**{**values, "limits": {}}))

    assert len(succeeded(at_once([buyer(in_project, "FIVE")] * 8))) > 3


@pytest.mark.requirement(79)
def test_a_customer_who_is_new_is_counted_under_one_name(at_once, code, in_project):
    campaign = CampaignFactory()
    code("FIVE", campaign=campaign)
    LimitFactory(campaign=campaign, value=1, per_customer=True)

    results = at_once([buyer(in_project, "FIVE", customer={"source_id": "ada"})] * 8)

    assert len(succeeded(results)) == 1
    assert UsageCounter.objects.get().key.endswith(
        f"customer:{succeeded(results)[0].order.customer.public_id}"
    )


@pytest.mark.requirement(81)
def test_a_budget_is_spent_to_the_last_cent_and_no_further(at_once, code, in_project):
    campaign = CampaignFactory()
    code("FIVE", campaign=campaign)
    LimitFactory(campaign=campaign, measure="discount", value=1800, overflow="CAP")

    results = at_once([buyer(in_project, "FIVE")] * 8)

    assert given(results) == 1800
    assert UsageCounter.objects.get().used == 1800


@pytest.mark.requirement(90)
def test_campaigns_share_a_budget_at_the_same_moment(at_once, code, in_project):
    budget = BudgetFactory()
    LimitFactory(budget=budget, measure="discount", value=2000)
    names = [f"C{number}" for number in range(4)]
    for name in names:
        code(name, campaign=CampaignFactory(budget=budget))

    results = at_once([buyer(in_project, name) for name in names * 2])

    assert (len(succeeded(results)), given(results)) == (4, 2000)


def test_different_customers_are_counted_once_each(at_once, code, in_project):
    campaign = CampaignFactory()
    code("FIVE", campaign=campaign)
    LimitFactory(campaign=campaign, measure="customers", value=2)
    people = [CustomerFactory().source_id for _ in range(4)]

    results = at_once([buyer(in_project, "FIVE", customer=name) for name in people * 2])

    redeemers = {result.order.customer.source_id for result in succeeded(results)}
    assert len(redeemers) == 2
    assert UsageCounter.objects.get(key__startswith="customers:").used == 2


def test_a_tier_has_a_limit_as_a_code_has(at_once, in_project):
    tier = PromotionTierFactory()
    LimitFactory(promotion_tier=tier, value=3)

    results = at_once([buyer(in_project, tier.public_id, kind="promotion_tier")] * 8)

    assert len(succeeded(results)) == 3


@pytest.mark.parametrize("later", [False, True])
def test_rollbacks_and_redemptions_keep_the_count(at_once, code, in_project, later):
    """Also for a limit that came after the first redemptions."""
    campaign = CampaignFactory()
    code("FIVE", campaign=campaign)
    limits = [] if later else [LimitFactory(campaign=campaign, value=50)]
    done = [buyer(in_project, "FIVE")() for _ in range(4)]
    if not limits:
        LimitFactory(campaign=campaign, value=50)
        campaign.version += 1
        campaign.save()

    def undo(redeemed):
        return lambda: rollbacks.roll_back(
            project=in_project,
            reference=redeemed.redemptions[0].public_id,
            wish=Wish(),
            at=clock.now(),
        )

    at_once([*(undo(one) for one in done), *[buyer(in_project, "FIVE")] * 4])

    left = Redemption.objects.filter(result="SUCCESS", rolled_back_at=None).count()
    assert (left, UsageCounter.objects.get().used) == (4, 4)


def test_a_refused_guard_writes_nothing(code, in_project, monkeypatch):
    campaign = CampaignFactory()
    code("FIVE", campaign=campaign)
    LimitFactory(campaign=campaign, value=5)
    refusing = guarded.Statement("SELECT 1 WHERE false", rows=1, about="taken")
    monkeypatch.setattr(usage, "consume", lambda **_values: [refusing])

    with pytest.raises(redemptions.Busy):
        buyer(in_project, "FIVE")()

    assert not Redemption.objects.exists()
    assert not UsageCounter.objects.exists()
