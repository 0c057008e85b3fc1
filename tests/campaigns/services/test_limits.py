"""Limits put as one list: rows stay themselves, versions rise, and wrong ones leave no trace."""

import pytest

from campaigns.models import Campaign, Limit, PromotionTier, Voucher
from campaigns.services import limits
from loyalty_project.core.errors import NotFound
from loyalty_project.core.models import Project
from loyalty_project.core.reading import WrongMember
from tests.factories.campaign import CampaignFactory, DefinitionVersionFactory
from tests.factories.limit import BudgetFactory, LimitFactory, SegmentFactory
from tests.factories.voucher import VoucherFactory

ONCE_EACH = {"measure": "redemptions", "per_customer": True, "value": 1}
SPEND = {"measure": "discount", "period": "month", "value": 3_000_000, "overflow": "CAP"}


@pytest.fixture
def put(in_project, at):
    def run(owner, *documents):
        limits.put(project=in_project, owner=owner, documents=documents, at=at)

    return run


def shown(owner):
    return [
        (each.measure, each.period, each.per_customer, each.value, each.overflow)
        for each in limits.of(owner=owner)
    ]


def versions(project):
    return (
        list(Campaign.objects.order_by("pk").values_list("version", flat=True)),
        Project.objects.get(pk=project.pk).version,
    )


def test_a_list_becomes_rows(put):
    campaign = CampaignFactory()

    put(campaign, ONCE_EACH, SPEND)

    assert shown(campaign) == [
        ("redemptions", "always", True, 1, "REFUSE"),
        ("discount", "month", False, 3_000_000, "CAP"),
    ]


def test_what_is_counted_alike_keeps_its_row_and_the_rest_goes(put):
    campaign = CampaignFactory()
    put(campaign, ONCE_EACH, SPEND)
    kept = Limit.objects.get(measure="discount").public_id

    put(campaign, {**SPEND, "value": 5_000_000}, {"measure": "orders", "value": 10_000_000})

    assert shown(campaign) == [
        ("discount", "month", False, 5_000_000, "CAP"),
        ("orders", "always", False, 10_000_000, "REFUSE"),
    ]
    changed = Limit.objects.get(public_id=kept)
    assert [row.value for row in changed.history.order_by("history_id")] == [3_000_000, 5_000_000]


def test_the_same_list_again_changes_nothing(put, in_project):
    campaign = CampaignFactory()
    put(campaign, ONCE_EACH, SPEND)
    before = versions(in_project)

    put(campaign, SPEND, ONCE_EACH)

    assert versions(in_project) == before
    assert Limit.history.count() == 2


@pytest.mark.parametrize("kind", ["campaign", "voucher", "tier", "budget"])
def test_redemptions_under_way_decide_again(put, in_project, at, kind):
    campaign, other = CampaignFactory(budget=BudgetFactory()), CampaignFactory()
    voucher = VoucherFactory(campaign=campaign)
    tier = PromotionTier.objects.create(
        campaign=campaign, name="Ten", definition=DefinitionVersionFactory()
    )
    owners = {"campaign": campaign, "voucher": voucher, "tier": tier, "budget": campaign.budget}
    (mine, others), project_version = versions(in_project)

    put(owners[kind], {"measure": "redemptions", "value": 5})

    raised = mine if kind == "voucher" else mine + 1
    assert versions(in_project) == ([raised, others], project_version + 1)
    assert other.version == others
    assert (Voucher.objects.get().updated_at == at) is (kind == "voucher")
    assert PromotionTier.objects.get().version == (2 if kind == "tier" else 1)


def test_those_of_the_project_belong_to_nothing(put, in_project):
    LimitFactory(campaign=CampaignFactory())
    (campaign_version,), project_version = versions(in_project)

    put(None, {"measure": "discount", "period": "day", "value": 100_000})

    (limit,) = limits.of(owner=None)
    assert (limit.campaign, limit.voucher, limit.promotion_tier, limit.budget) == (None,) * 4
    assert versions(in_project) == ([campaign_version], project_version + 1)


def test_a_limit_may_be_below_what_is_used(put):
    campaign = CampaignFactory()
    put(campaign, {"measure": "redemptions", "value": 500})

    put(campaign, {"measure": "redemptions", "value": 0})

    assert shown(campaign) == [("redemptions", "always", False, 0, "REFUSE")]


@pytest.mark.requirement(87)
def test_segments_have_values_of_their_own(put):
    loyal, staff = SegmentFactory(), SegmentFactory()
    campaign = CampaignFactory()

    put(campaign, {**ONCE_EACH, "relaxed": {loyal.public_id: 3, staff.public_id: None}})

    assert Limit.objects.get().relaxed == {loyal.public_id: 3, staff.public_id: None}


WRONG = [
    ({"value": 5}, "Property .limits[0] should have required property 'measure'"),
    ({"measure": "redemptions"}, "Property .limits[0] should have required property 'value'"),
    (
        {"measure": "points", "value": 5},
        "Property .limits[0].measure must be equal to one of the allowed values",
    ),
    (
        {"measure": "orders", "value": -1},
        f"Property .limits[0].value must be >= 0 and <= {2**53 - 1}",
    ),
    ({"measure": "orders", "value": True}, "Property .limits[0].value must be integer"),
    ({"measure": "orders", "value": 1.5}, "Property .limits[0].value must be integer"),
    (
        {"measure": "customers", "per_customer": True, "value": 5},
        "Property .limits[0].per_customer cannot be combined with the measure customers",
    ),
    (
        {"measure": "redemptions", "overflow": "CAP", "value": 5},
        "Property .limits[0].overflow must be REFUSE for other measures than discount",
    ),
    (
        {**ONCE_EACH, "relaxed": {"seg_unknown": 3}},
        "Property .limits[0].relaxed.seg_unknown must be the id of a segment",
    ),
]


@pytest.mark.parametrize(("document", "details"), WRONG)
def test_names_what_is_wrong_and_changes_nothing(put, document, details):
    campaign = CampaignFactory()
    put(campaign, SPEND)

    with pytest.raises(WrongMember) as caught:
        put(campaign, document)

    assert (caught.value.details, caught.value.extra) == (details, {"field": "limits"})
    assert [each.measure for each in limits.of(owner=campaign)] == ["discount"]


@pytest.mark.parametrize("value", [1, 0])
def test_a_value_for_a_segment_must_be_more(put, value):
    loyal = SegmentFactory()

    with pytest.raises(WrongMember) as caught:
        put(CampaignFactory(), {**ONCE_EACH, "relaxed": {loyal.public_id: value}})

    where = f"Property .limits[0].relaxed.{loyal.public_id}"
    assert caught.value.details == f"{where} must be more than the value for everybody"


def test_two_limits_must_not_count_the_same(put):
    with pytest.raises(WrongMember) as caught:
        put(CampaignFactory(), ONCE_EACH, {**ONCE_EACH, "value": 2})

    assert caught.value.details == "Property .limits[1] must NOT count the same as another limit"


def test_only_campaigns_have_limits_for_each_of_their_codes(put):
    with pytest.raises(WrongMember) as caught:
        put(BudgetFactory(), {**ONCE_EACH, "per_redeemable": True})

    assert caught.value.details == (
        "Property .limits[0].per_redeemable must be false for others than campaigns"
    )


def test_a_campaign_has_twenty_limits_at_most(put):
    with pytest.raises(WrongMember) as caught:
        put(CampaignFactory(), *[{**ONCE_EACH, "value": n} for n in range(21)])

    assert caught.value.details == "Property .limits must NOT have more than 20 items"


def test_segments_of_another_project_are_unknown(put, other_project):
    theirs = SegmentFactory(project=other_project)

    with pytest.raises(WrongMember):
        put(CampaignFactory(), {**ONCE_EACH, "relaxed": {theirs.public_id: 3}})


def test_a_campaign_in_the_bin_takes_no_limits(put, at):
    campaign = CampaignFactory(deleted_at=at)

    with pytest.raises(NotFound):
        put(campaign, ONCE_EACH)

    assert not Limit.objects.exists()
