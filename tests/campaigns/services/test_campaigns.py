"""Creating, changing and switching campaigns."""

from datetime import timedelta

import pytest

from campaigns import queries
from campaigns.models import Campaign, DefinitionVersion, Voucher
from campaigns.serializers.campaign import campaign_json
from campaigns.services import campaigns, codes, definitions, kinds
from loyalty_project.core.errors import Invalid, NotFound
from loyalty_project.core.models import OutboxEvent, Project
from tests.factories.campaign import CampaignFactory
from tests.factories.voucher import VoucherFactory

pytestmark = pytest.mark.usefixtures("in_project")
TEN_OFF = {"type": "AMOUNT", "amount_off": 1000}
# Members of ours, which the live service does not have.
UNBOUND = {
    "limits": [],
    "budget_id": None,
    "margin_floor": None,
    "holidays": None,
    "rollout_percent": 100,
    "listed": True,
    "jurisdiction": None,
}


def body(**changes):
    return {
        "name": "Autumn",
        "campaign_type": "DISCOUNT_COUPONS",
        "voucher": {"type": "DISCOUNT_VOUCHER", "discount": TEN_OFF},
        **changes,
    }


def types():
    return list(OutboxEvent.objects.order_by("pk").values_list("type", flat=True))


def test_creates_a_campaign_as_it_is_recorded_from_the_live_service(project, at):
    campaign = campaigns.create(project=project, data=body(), at=at)

    assert campaign_json(campaign) == {
        "id": campaign.public_id,
        "name": "Autumn",
        "campaign_type": "DISCOUNT_COUPONS",
        "type": "STATIC",
        "voucher": {
            "type": "DISCOUNT_VOUCHER",
            "discount": TEN_OFF,
            "redemption": {"quantity": None},
            "code_config": {
                "length": 8,
                "charset": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
                "pattern": "########",
            },
            "is_referral_code": False,
        },
        "auto_join": False,
        "join_once": False,
        "use_voucher_metadata_schema": True,
        "vouchers_count": 0,
        "active": True,
        "created_at": "2026-03-02T12:00:00.000Z",
        "updated_at": campaign_json(campaign)["updated_at"],
        "creation_status": "DONE",
        "vouchers_generation_status": "DONE",
        "protected": False,
        "category_id": None,
        "categories": [],
        "validation_rules_assignments": {
            "object": "list",
            "data_ref": "data",
            "data": [],
            "total": 0,
        },
        "object": "campaign",
        **UNBOUND,
    }
    assert types() == ["campaign.created", "campaign.started"]


def test_leaves_a_date_that_is_unset_out_of_the_answer(project, at):
    campaign = campaigns.create(
        project=project, data=body(expiration_date=at + timedelta(days=9)), at=at
    )
    assert campaign_json(campaign)["expiration_date"] == "2026-03-11T12:00:00.000Z"

    campaigns.update(project=project, campaign=campaign, data={"expiration_date": None}, at=at)

    assert "expiration_date" not in campaign_json(campaign)
    assert "expiration_date" not in campaign_json(campaign)["voucher"]


def test_makes_the_one_code_of_a_standalone_campaign_at_once(project, at):
    data = body(type="STANDALONE", voucher={**body()["voucher"], "code": "BLCKFRDY"})

    campaign = campaigns.create(project=project, data=data, at=at)

    assert [voucher.code for voucher in Voucher.objects.all()] == ["BLCKFRDY"]
    assert campaign_json(campaign)["vouchers_count"] == 1
    with pytest.raises(kinds.InvalidCampaign) as refusal:
        campaigns.add_vouchers(project=project, campaign=campaign, count=1, at=at)
    assert refusal.value.details == ("You can not generate vouchers for STANDALONE type campaign.")


def test_refuses_a_name_that_is_taken_also_in_the_bin(project, at):
    CampaignFactory(name="Autumn", deleted_at=at)

    with pytest.raises(campaigns.DuplicateCampaign) as refusal:
        campaigns.create(project=project, data=body(), at=at)

    assert refusal.value.status == 409
    assert refusal.value.details == "Duplicated campaign exists with name Autumn"
    assert Campaign.objects.count() == 1
    assert not OutboxEvent.objects.exists()


@pytest.mark.parametrize(
    ("changes", "error", "details"),
    [
        ({"name": " "}, Invalid, "Payload should have required property 'name'"),
        ({"voucher": None}, Invalid, "Payload should have required property 'voucher'"),
        (
            {"campaign_type": "LOYALTY_PROGRAM"},
            definitions.NotAvailable,
            (
                "Property .campaign_type LOYALTY_PROGRAM is not available:"
                " loyalty programs are not supported yet"
            ),
        ),
        (
            {"voucher": {"type": "DISCOUNT_VOUCHER", "discount": {"type": "AMOUNT"}}},
            Invalid,
            "Property .discount.amount_off is required",
        ),
        ({"category_id": "cat_x"}, NotFound, "Cannot find category with id cat_x"),
        ({"validation_rules": ["val_x"]}, NotFound, "Cannot find validation_rules with id val_x"),
        (
            {"validity_timeframe": {"interval": "P2D", "duration": "P1D"}},
            Invalid,
            "Property .start_date is required with .validity_timeframe",
        ),
        (
            {"validity_hours": {"daily": [{"start_time": "9 am"}]}},
            Invalid,
            'Property .validity_hours.daily[0].start_time must match format "HH:mm"',
        ),
        (
            {"validity_hours": {"daily": [{"start_time": "09:00Z"}]}},
            Invalid,
            'Property .validity_hours.daily[0].start_time must match format "HH:mm"',
        ),
        (
            {"validity_hours": {"daily": [{"days_of_week": [[1]]}]}},
            Invalid,
            (
                "Property .validity_hours.daily[0].days_of_week[0]"
                " must be equal to one of the allowed values"
            ),
        ),
        (
            {
                "validity_hours": {
                    "daily": [
                        {"start_time": "22:00", "expiration_time": "04:00", "days_of_week": [1]},
                        {"start_time": "03:00", "expiration_time": "05:00", "days_of_week": [2]},
                    ]
                }
            },
            Invalid,
            "Property .validity_hours.daily must not overlap",
        ),
        (
            {"activity_duration_after_publishing": "two weeks"},
            Invalid,
            (
                "Property .activity_duration_after_publishing must be an ISO 8601 duration"
                " such as P14D"
            ),
        ),
    ],
)
def test_refuses_what_cannot_be_and_writes_nothing(project, at, changes, error, details):
    with pytest.raises(error) as refusal:
        campaigns.create(project=project, data=body(**changes), at=at)

    assert refusal.value.details == details
    assert not Campaign.objects.exists()
    assert not DefinitionVersion.objects.exists()
    assert not OutboxEvent.objects.exists()


@pytest.mark.requirement(216)
def test_refuses_a_pattern_that_cannot_yield_enough_codes_and_names_the_numbers(project, at):
    for n in range(3):
        VoucherFactory(code=f"A-{n}")
    VoucherFactory(code="A-7", deleted_at=at)
    VoucherFactory(code="A-77")
    config = {"charset": "0123456789", "pattern": "#", "prefix": "A-"}
    voucher = {**body()["voucher"], "code_config": config}

    with pytest.raises(codes.NoRoom) as refusal:
        campaigns.create(project=project, data=body(vouchers_count=7, voucher=voucher), at=at)

    assert refusal.value.key == "invalid_code_config"
    assert refusal.value.details == (
        "the code config can yield 10 distinct codes, 4 of them are taken, 7 are wanted"
    )
    assert not Campaign.objects.exists()


def test_takes_the_code_format_of_the_project_where_none_is_given(project, at):
    project.default_code_config = {"pattern": "WAFA-####", "charset": "XYZ"}
    project.save()

    campaign = campaigns.create(project=project, data=body(vouchers_count=1), at=at)

    assert campaign.voucher_template["code_config"] == {
        "length": 4,
        "charset": "XYZ",
        "pattern": "WAFA-####",
    }
    code = queries.vouchers().get().code
    assert code.startswith("WAFA-")
    assert set(code[5:]) <= set("XYZ")


@pytest.mark.requirement(93)
def test_stamps_the_versions_that_redemptions_compare_when_switched_off(project, at):
    campaign = CampaignFactory()
    before = Project.objects.get(pk=project.pk).version

    campaigns.disable(project=project, campaign=campaign, at=at)
    campaigns.disable(project=project, campaign=campaign, at=at)

    campaign.refresh_from_db()
    assert (campaign.active, campaign.version) == (False, 2)
    assert Project.objects.get(pk=project.pk).version == before + 1
    assert types() == ["campaign.disabled"]
    changes = campaign.history.order_by("history_date").values_list("active", flat=True)
    assert list(changes) == [True, False]


def test_keeps_what_an_update_does_not_name(project, at):
    campaign = campaigns.create(
        project=project,
        data=body(description="For tea", metadata={"a": 1, "b": 2}, category="Tea"),
        at=at,
    )

    campaigns.update(
        project=project,
        campaign=campaign,
        data={"name": "Other", "metadata": {"a": 3}, "unset_metadata_fields": ["b"]},
        at=at,
    )

    assert (campaign.name, campaign.description) == ("Autumn", "For tea")
    assert campaign.metadata == {"a": 3}
    assert campaign.category.name == "Tea"
    assert types() == ["campaign.created", "campaign.started", "campaign.updated"]


def test_brings_another_discount_to_codes_that_nobody_has(project, at, work):
    campaign = CampaignFactory()
    free = VoucherFactory(campaign=campaign, definition=campaign.definition)
    given = VoucherFactory(campaign=campaign, definition=campaign.definition, publish_count=1)
    used = VoucherFactory(campaign=campaign, definition=campaign.definition, redeemed_count=1)

    campaigns.update(
        project=project,
        campaign=campaign,
        data={"discount": {"type": "PERCENT", "percent_off": 25}, "voucher": {"redemption": {}}},
        at=at,
    )
    assert campaign_json(campaign)["vouchers_generation_status"] == "MODIFYING"
    work()

    percents = {
        voucher.pk: voucher.definition.data["discount"]["percent_off"]
        for voucher in queries.vouchers()
    }
    assert percents == {free.pk: 25, given.pk: 10, used.pk: 10}
    campaign.refresh_from_db()
    assert campaign.generation_status == "DONE"


def test_refuses_another_kind_of_discount(project, at):
    campaign = CampaignFactory()

    with pytest.raises(kinds.InvalidCampaign):
        campaigns.update(project=project, campaign=campaign, data={"discount": TEN_OFF}, at=at)

    campaign.refresh_from_db()
    assert campaign.voucher_template["discount"] == {"type": "PERCENT", "percent_off": 10}
