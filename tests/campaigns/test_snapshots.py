"""From rows to what the engine evaluates."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from campaigns import queries, snapshots
from campaigns.engine import checks
from campaigns.engine.context import Context
from campaigns.engine.effects.percent import PercentDiscount
from campaigns.engine.redeemable import DailyHours
from tests.factories.campaign import CampaignFactory
from tests.factories.category import CategoryFactory
from tests.factories.voucher import VoucherFactory

pytestmark = pytest.mark.usefixtures("in_project")


def refusal(voucher, at):
    row = queries.get_voucher(reference=voucher.code)
    asked = snapshots.redeemable(row, redeemed=queries.redeemed_of(row))
    context = Context(at=at, time_zone=ZoneInfo("Europe/Berlin"), redeemables=(asked,))
    reason = checks.first_refusal(asked, context, None)
    return reason.key if reason else None


def test_maps_a_code_of_a_campaign(at):
    campaign = CampaignFactory(category=CategoryFactory(name="Tea", hierarchy=3), expires_at=at)
    voucher = VoucherFactory(
        code="A",
        campaign=campaign,
        redemption_limit=5,
        validity_hours={"daily": [{"start_time": "09:00", "days_of_week": [1]}]},
        metadata={"lot": 1},
    )

    found = snapshots.redeemable(queries.get_voucher(reference="A"), redeemed=2)

    assert (found.id, found.code, found.active) == (voucher.public_id, "A", True)
    assert found.discount == PercentDiscount(percent_off=100_000)
    assert (found.usage.limit, found.usage.redeemed, found.usage.left) == (5, 2, 3)
    assert [(category.name, category.hierarchy) for category in found.categories] == [("Tea", 3)]
    assert found.campaign.validity.ends_at == at
    assert found.validity.daily_hours == (
        DailyHours(days_of_week=frozenset({1}), start=time(9), expiration=None),
    )
    assert found.metadata == {"lot": 1}
    assert found.facts["voucher"] == voucher


def test_takes_the_category_of_the_code_before_that_of_its_campaign():
    campaign = CampaignFactory(category=CategoryFactory(name="Tea"))
    VoucherFactory(code="A", campaign=campaign, category=CategoryFactory(name="Coffee"))

    found = snapshots.redeemable(queries.get_voucher(reference="A"), redeemed=0)

    assert [category.name for category in found.categories] == ["Coffee"]


def test_lets_a_published_code_outlive_its_campaign_by_its_lifetime(at):
    campaign = CampaignFactory(
        expires_at=datetime(2026, 3, 1, tzinfo=UTC), activity_duration_after_publishing="P14D"
    )
    given = VoucherFactory(
        campaign=campaign, publish_count=1, expires_at=datetime(2026, 3, 10, tzinfo=UTC)
    )
    kept = VoucherFactory(campaign=campaign)

    assert refusal(given, at) is None
    assert refusal(kept, at) == "voucher_expired"
    assert refusal(given, datetime(2026, 3, 10, tzinfo=UTC)) == "voucher_expired"


def test_calls_what_nobody_knows_missing():
    found = snapshots.missing("NOPE")

    assert (found.exists, found.id, found.code) == (False, "NOPE", "NOPE")


def test_finds_codes_by_code_and_id_in_one_query(django_assert_num_queries):
    first, second = VoucherFactory(code="A"), VoucherFactory(code="B")
    with django_assert_num_queries(1):
        found = queries.vouchers_by_codes(codes=[" A ", second.public_id, "C"])

    assert found == {" A ": first, second.public_id: second}
