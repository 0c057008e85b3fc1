"""`/v1/campaigns/{id}/summary` over HTTP."""

from datetime import UTC, datetime

import pytest
import voucherify
from django.urls import reverse

from campaigns.models import Publication, Voucher
from tests.factories.campaign import CampaignFactory
from tests.factories.publication import PublicationFactory
from tests.factories.redemption import RedemptionFactory, RedemptionRollbackFactory
from tests.factories.voucher import VoucherFactory

pytestmark = pytest.mark.usefixtures("in_project")
MARCH = datetime(2026, 3, 2, 12, tzinfo=UTC)
APRIL = datetime(2026, 4, 2, 12, tzinfo=UTC)


@pytest.fixture
def campaign():
    campaign = CampaignFactory(name="Autumn")
    voucher = VoucherFactory(campaign=campaign, created_at=MARCH)
    VoucherFactory(campaign=campaign, created_at=MARCH, deleted_at=APRIL)
    same = {"campaign": campaign, "voucher": voucher}
    RedemptionFactory(redeemed_at=MARCH, **same)
    RedemptionFactory(redeemed_at=MARCH, result="FAILURE", applied_amount=0, **same)
    back = RedemptionFactory(redeemed_at=APRIL, rolled_back_at=APRIL, applied_amount=50, **same)
    RedemptionRollbackFactory(redemption=back, rolled_back_at=APRIL)
    PublicationFactory(created_at=MARCH, **same)
    RedemptionFactory()
    return campaign


def test_counts_what_happened(api, campaign):
    answer = api.get(f"/v1/campaigns/{campaign.public_id}/summary").json()

    voucherify.CampaignsSummaryGetResponseBody.model_validate(answer)
    assert answer["campaign"]["name"] == "Autumn"
    del answer["campaign"]
    assert answer == {
        "object": "campaign_summary",
        "redemptions": 3,
        "redemptions_succeeded": 2,
        "redemptions_failed": 1,
        "rollbacks": 1,
        "rollbacks_succeeded": 1,
        "rollbacks_failed": 0,
        "validations": 0,
        "validations_succeeded": 0,
        "validations_failed": 0,
        "vouchers_created": 2,
        "vouchers_deleted": 1,
        "publications": 1,
        "publications_succeeded": 1,
        "publications_failed": 0,
        "discounted_amount": 250,
        "rolledback_discounted_amount": 50,
        "orders_amount": 4000,
        "orders_rolledback_amount": 2000,
    }


def test_counts_the_days_that_are_asked_for(api, campaign):
    answer = api.get(
        "/v1/campaigns/Autumn/summary", {"start_date": "2026-04-01", "end_date": "2026-04-02"}
    ).json()

    assert (answer["redemptions"], answer["vouchers_created"], answer["vouchers_deleted"]) == (
        1,
        0,
        1,
    )
    assert answer["discounted_amount"] == 50
    ever = {"start_date": "0001-01-01", "end_date": "9999-12-31"}
    assert api.get("/v1/campaigns/Autumn/summary", ever).json()["redemptions"] == 3


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"start_date": "soon"}, 400),
        ({"start_date": "2026-04-02", "end_date": "2026-04-01"}, 400),
    ],
)
def test_refuses_days_that_make_no_sense(api, campaign, params, status):
    assert api.get("/v1/campaigns/Autumn/summary", params).status_code == status


def test_answers_for_an_unknown_campaign_as_published(api, in_project):
    answer = api.get("/v1/campaigns/DOES_NOT_EXIST/summary")

    assert (answer.status_code, answer.json()["details"]) == (
        404,
        "Cannot find campaign with id DOES_NOT_EXIST",
    )


def test_stands_among_the_figures_of_the_page(staff, campaign):
    page = reverse("admin:campaigns_campaign_change", args=[campaign.pk])

    figures = staff("Marketer").get(page).context["page_figures"]

    assert [str(value) for label, value in figures if label == "Discount given"] == [
        '<bdi dir="ltr" class="num">2.00 EUR</bdi>'
    ]


@pytest.mark.requirement(189)
def test_counts_a_publication_that_is_sent_twice_once(api):
    campaign = CampaignFactory(name="Autumn")
    VoucherFactory(code="ONE", campaign=campaign)
    VoucherFactory(code="TWO", campaign=campaign)
    body = {"campaign": {"name": "Autumn"}, "customer": {"source_id": "ada"}}
    key = {"Idempotency-Key": "mail-1"}

    first = api.post("/v1/publications", body, headers=key)
    again = api.post("/v1/publications", body, headers=key)

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()
    row = Publication.objects.get()
    assert (row.public_id, row.voucher.code) == (first.json()["id"], "ONE")
    assert Voucher.objects.get(code="TWO").publish_count == 0
    summary = api.get("/v1/campaigns/Autumn/summary").json()
    assert summary["publications"] == 1
    assert summary["publications_succeeded"] == 1
