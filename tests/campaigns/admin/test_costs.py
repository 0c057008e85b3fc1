"""What a campaign can cost at most by limits of periods, and a promotion by those of its tiers."""

from datetime import timedelta

import pytest

from campaigns.admin import costs
from tests.factories.campaign import CampaignFactory, DefinitionVersionFactory
from tests.factories.limit import LimitFactory
from tests.factories.promotion import PromotionFactory, PromotionTierFactory
from tests.factories.voucher import VoucherFactory

pytestmark = pytest.mark.usefixtures("in_project")


def said(campaign):
    return costs.text(costs.of_campaign(campaign))


@pytest.fixture
def endless():
    """A campaign of 10.00 off, as often as one likes."""
    definition = DefinitionVersionFactory(
        data={"type": "DISCOUNT_VOUCHER", "discount": {"type": "AMOUNT", "amount_off": 1000}}
    )
    return CampaignFactory(definition=definition, type="AUTO_UPDATE")


@pytest.mark.requirement(91)
def test_a_daily_limit_bounds_each_day_and_with_an_end_the_whole(endless, at):
    LimitFactory(campaign=endless, period="day", value=5)
    LimitFactory(campaign=endless, period="month", value=60)
    assert said(endless) == "It can cost without limit in all, 50.00 EUR per day at most."

    endless.starts_at, endless.expires_at = at, at + timedelta(days=9)
    assert said(endless) == "It costs 500.00 EUR at most: 50 redemptions of 10.00 EUR each."
    endless.expires_at = at + timedelta(days=29)
    assert said(endless) == "It costs 600.00 EUR at most: 60 redemptions of 10.00 EUR each."
    # A code that lives from its publication can outlive its campaign.
    endless.activity_duration_after_publishing = "P30D"
    assert said(endless) == "It can cost without limit in all, 50.00 EUR per day at most."


@pytest.mark.requirement(91)
def test_tiers_add_up_what_their_own_limits_allow(at):
    promotion = PromotionFactory(created_at=at)
    first, second = (PromotionTierFactory(campaign=promotion) for _ in "12")
    LimitFactory(promotion_tier=first, value=3)
    assert said(promotion) == (
        "It can cost without limit. Nothing says how often it can be used in all."
    )

    LimitFactory(promotion_tier=second, measure="discount", period="day", value=700)
    second.starts_at, second.expires_at = at, at + timedelta(days=2)
    second.save()
    assert said(promotion) == (
        "It costs 51.00 EUR at most: then its tiers have reached their own limits."
    )
    LimitFactory(campaign=promotion, value=4)
    assert said(promotion) == "It costs 40.00 EUR at most: 4 redemptions of 10.00 EUR each."


@pytest.mark.requirement(91)
def test_the_limits_of_the_one_code_of_a_campaign_are_its_own(endless):
    endless.type = "STANDALONE"
    LimitFactory(voucher=VoucherFactory(campaign=endless), value=2)

    endless.voucher_template = {**endless.voucher_template, "redemption": {"quantity": None}}

    assert said(endless) == "It costs 20.00 EUR at most: 2 redemptions of 10.00 EUR each."
