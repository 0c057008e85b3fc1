"""Whatever is sent, the answer is a documented one: never a 500."""

from random import Random

import pytest

from loyalty_project.core.models import Job
from tests.factories.campaign import CampaignFactory
from tests.factories.voucher import VoucherFactory

pytestmark = pytest.mark.usefixtures("in_project")
ODD = [
    None, True, False, 0, -1, 1, 5, 7.5, 10**12, 10**30, -(10**20), 1e300, "", " ", "x", "5", "ADA",
    "\u202e", "ß" * 300, "2026-01-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
    "P1D", "P0D", "PT99999999H", "24:00", "23:59", [], [1], [[1]], [None], ["x"], {}, {"a": 1},
    {"id": 5}, {"quantity": -1}, {"quantity": 10**12}, [{}], {"daily": 5}, {"daily": [5]},
    {"daily": [{"start_time": 5, "days_of_week": {}}]}, {"daily": [{"days_of_week": ["x"]}]},
    {"interval": "P1D", "duration": "P2D"}, {"pattern": "#" * 200}, {"charset": "\u0000x"},
    {"pattern": "[#]*\\", "charset": "^]-\\", "prefix": "(("}, {"length": 1e300}, {"length": "a"},
    {"type": "PERCENT", "percent_off": 1e-7}, {"type": "AMOUNT", "amount_off": "x"},
    {"type": "UNIT", "units": [5]}, {"type": ["PERCENT"]}, {"type": "FIXED", "fixed_amount": 2**70},
]  # fmt: skip
MEMBERS = [
    "name", "campaign_type", "type", "voucher", "vouchers_count", "start_date", "expiration_date",
    "validity_timeframe", "validity_day_of_week", "validity_hours", "category", "category_id",
    "metadata", "activity_duration_after_publishing", "join_once", "active", "description", "code",
    "code_config", "discount", "redemption", "additional_info", "validation_rules", "campaign",
    "campaign_id", "customer", "source_id", "channel", "hierarchy", "stacking_rules_type", "codes",
    "unset_metadata_fields", "gift", "loyalty_card",
]  # fmt: skip
ROUTES = [
    ("POST", "/v1/campaigns"),
    ("PUT", "/v1/campaigns/{campaign}"),
    ("POST", "/v1/campaigns/{campaign}/vouchers"),
    ("POST", "/v1/campaigns/{campaign}/vouchers/NEW{n}"),
    ("POST", "/v1/campaigns/{campaign}/import"),
    ("POST", "/v1/vouchers"),
    ("POST", "/v1/vouchers/OWN{n}"),
    ("PUT", "/v1/vouchers/{voucher}"),
    ("POST", "/v1/vouchers/import"),
    ("POST", "/v1/vouchers/bulk/async"),
    ("POST", "/v1/vouchers/metadata/async"),
    ("POST", "/v1/publications"),
    ("POST", "/v1/categories"),
]
GOOD = {
    "name": "A",
    "type": "DISCOUNT_VOUCHER",
    "discount": {"type": "AMOUNT", "amount_off": 5},
    "voucher": {
        "type": "DISCOUNT_VOUCHER",
        "discount": {"type": "AMOUNT", "amount_off": 5},
        "code_config": {"pattern": "T-###"},
    },
    "code": "TEA",
    "campaign": "Autumn",
    "customer": {"source_id": "ada"},
    "hierarchy": 1,
    "codes": ["A"],
    "metadata": {"a": 1},
}


def body(random, method):
    """A good one with a few members made odd, also inside of the voucher."""
    data = dict(GOOD) if method == "POST" else {}
    for name in random.sample(MEMBERS, random.randint(1, 3)):
        data[name] = random.choice(ODD)
    if isinstance(data.get("voucher"), dict) and random.random() < 0.5:
        inner = random.choice(["code_config", "discount", "redemption", "type", "code"])
        data["voucher"] = {**data["voucher"], inner: random.choice(ODD)}
    return data


@pytest.mark.parametrize(("method", "route"), ROUTES)
def test_odd_bodies_get_a_documented_answer(api, work, method, route):
    random = Random(route)
    campaign = CampaignFactory(name="Autumn")
    voucher = VoucherFactory(code="TEA", campaign=campaign)
    for n in range(60):
        path = route.format(campaign=campaign.public_id, voucher=voucher.code, n=n)
        sent = body(random, method)
        many = route.endswith(("import", "bulk/async"))

        answer = api.call(method, path, [sent] if many else sent)

        assert answer.status_code in {200, 202, 400, 404, 409}, sent
        if answer.status_code >= 400:
            assert answer.json()["key"], sent
    work()
    assert list(Job.objects.exclude(error="").values_list("error", flat=True)) == []
