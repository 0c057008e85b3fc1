"""Limits of single codes and of promotion tiers in their bodies, as campaigns have them."""

import pytest

from campaigns.models import Limit, PromotionTier, Voucher
from tests.factories.campaign import CampaignFactory
from tests.factories.limit import LimitFactory, SegmentFactory
from tests.factories.promotion import PromotionFactory, PromotionTierFactory
from tests.factories.voucher import VoucherFactory

pytestmark = pytest.mark.usefixtures("in_project")

DISCOUNT = {"type": "AMOUNT", "amount_off": 1000}
CODE = {"type": "DISCOUNT_VOUCHER", "discount": DISCOUNT}
TIER = {"name": "Ten off", "action": {"discount": DISCOUNT}}
DAILY = {"measure": "redemptions", "period": "day", "value": 5}
ONCE_EACH = {"measure": "redemptions", "per_customer": True, "value": 1}


def told(body):
    return [
        (one["measure"], one["period"], one["per_customer"], one["value"], one["used"], one["left"])
        for one in body["limits"]
    ]


@pytest.fixture(params=["code", "code of a campaign", "tier"])
def resource(request, api):
    """Where one is made, its body, and the path of what was made."""
    if request.param == "tier":
        campaign = PromotionFactory()
        made_at = f"/v1/promotions/{campaign.public_id}/tiers"
        return made_at, TIER, lambda made: f"/v1/promotions/tiers/{made['id']}"
    campaign = {"campaign_id": CampaignFactory().public_id}
    body = {**CODE, **(campaign if "campaign" in request.param else {})}
    return "/v1/vouchers", body, lambda made: f"/v1/vouchers/{made['code']}"


@pytest.mark.requirement(79, 82)
def test_are_made_read_changed_and_taken_away(api, resource):
    made_at, body, path_of = resource
    made = api.post(made_at, {**body, "limits": [DAILY, ONCE_EACH]}).json()
    path = path_of(made)

    assert told(made) == [
        ("redemptions", "day", False, 5, 0, 5),
        ("redemptions", "always", True, 1, None, None),
    ]
    assert api.get(path).json()["limits"] == made["limits"]
    assert api.put(path, {"metadata": {}}).json()["limits"] == made["limits"]
    changed = api.put(path, {"limits": [{**DAILY, "value": 7}]}).json()["limits"]
    assert [(one["id"], one["value"]) for one in changed] == [(made["limits"][0]["id"], 7)]
    assert api.put(path, {"limits": None}).json()["limits"] == []
    assert not Limit.objects.exists()


def test_wrong_ones_are_named_and_leave_no_trace(api, resource, other_project):
    made_at, body, path_of = resource
    theirs = SegmentFactory(project=other_project).public_id
    made = api.post(made_at, {**body, "limits": [DAILY]}).json()
    wrong = [
        ([{"value": 5}], "Property .limits[0] should have required property 'measure'"),
        (
            [{**DAILY, "per_redeemable": True}],
            "Property .limits[0].per_redeemable must be false for others than campaigns",
        ),
        (
            [{**DAILY, "relaxed": {theirs: 9}}],
            f"Property .limits[0].relaxed.{theirs} must be the id of a segment",
        ),
        ([DAILY, DAILY], "Property .limits[1] must NOT count the same as another limit"),
    ]
    for documents, details in wrong:
        for answer in (
            api.post(made_at, {**body, "limits": documents}),
            api.put(path_of(made), {"limits": documents}),
        ):
            assert (answer.status_code, answer.json()["details"]) == (400, details)
    assert Limit.objects.count() == 1
    assert Voucher.objects.count() + PromotionTier.objects.count() == 1
    assert api.get(path_of(made)).json()["limits"] == made["limits"]


def test_lists_read_them_for_all_rows_at_once(api, django_assert_max_num_queries):
    promotion = PromotionFactory()
    for _ in range(8):
        LimitFactory(voucher=VoucherFactory(), value=3)
        LimitFactory(promotion_tier=PromotionTierFactory(campaign=promotion), value=3)

    for path in ("vouchers", "promotions/tiers", f"promotions/{promotion.public_id}/tiers"):
        with django_assert_max_num_queries(10):
            rows = api.get(f"/v1/{path}").json()
        all_alike = [[("redemptions", "always", False, 3, 0, 3)]] * 8
        assert [told(row) for row in rows[rows["data_ref"]]] == all_alike
