"""`/v1/publications` over HTTP."""

from datetime import UTC, datetime

import pytest
import voucherify

from campaigns.models import Publication, Voucher
from customers.models import Customer
from loyalty_project.core.models import OutboxEvent
from tests.campaigns.api.publishing import pool, publish
from tests.client import ApiClient
from tests.factories.api_key import server_headers
from tests.factories.campaign import CampaignFactory
from tests.factories.voucher import VoucherFactory

pytestmark = pytest.mark.usefixtures("in_project")


def test_gives_a_free_code_and_answers_it_whole(api, set_clock, at):
    set_clock(at)
    campaign = pool(name="Autumn")

    answer = publish(api, campaign, source_id="mail-1", channel="myown", metadata={"year": 2022})

    assert answer.status_code == 200
    data = answer.json()
    voucherify.PublicationsCreateResponseBody.model_validate(data)
    customer, voucher = Customer.objects.get(), Voucher.objects.get(code="Autumn-0")
    assert data["voucher"]["code"] == "Autumn-0"
    assert data["voucher"]["holder_id"] == customer.public_id
    assert data["voucher"]["publish"]["count"] == 1
    assert data["vouchers_id"] == [voucher.public_id]
    assert {name: data[name] for name in ("customer_id", "tracking_id", "channel", "result")} == {
        "customer_id": customer.public_id,
        "tracking_id": "ada",
        "channel": "API",
        "result": "SUCCESS",
    }
    assert Publication.objects.get().channel == "myown"
    assert data["source_id"] == "mail-1"
    assert data["created_at"] == "2026-03-02T12:00:00.000Z"
    types = OutboxEvent.objects.order_by("pk").values_list("type", "about")
    assert list(types) == [
        ("customer.created", customer.public_id),
        ("voucher.published", customer.public_id),
        ("publication.succeeded", customer.public_id),
    ]


def test_gives_several_codes_by_their_names(api):
    campaign = pool(codes=3)

    answer = publish(api, campaign, count=2)

    data = answer.json()
    voucherify.PublicationsCreateResponseBody.model_validate(data)
    assert data["vouchers"] == [f"{campaign.name}-0", f"{campaign.name}-1"]
    assert len(data["vouchers_id"]) == 2
    assert "voucher" not in data
    assert Voucher.objects.filter(publish_count=1).count() == 2


def test_gives_the_code_that_is_named(api):
    campaign = pool()
    code = f"{campaign.name}-1"

    first = publish(api, campaign, voucher=code)
    second = publish(api, campaign, customer="grace", voucher=code)

    assert first.json()["voucher"]["code"] == code
    assert (second.status_code, second.json()["key"]) == (400, "voucher_already_published")
    failure = Publication.objects.filter(result="FAILURE")
    assert not failure.exists()
    assert Customer.objects.count() == 1


def test_gives_a_public_code_to_everybody(api):
    campaign = CampaignFactory(type="STANDALONE")
    VoucherFactory(code="BLCKFRDY", campaign=campaign, redemption_limit=None)

    codes = [publish(api, campaign, who).json()["voucher"]["code"] for who in ("ada", "grace")]

    assert codes == ["BLCKFRDY", "BLCKFRDY"]
    assert Voucher.objects.get().publish_count == 2


def test_makes_a_code_when_the_pool_of_a_growing_campaign_is_empty(api):
    campaign = pool(codes=0, type="AUTO_UPDATE")

    answer = publish(api, campaign, count=3)

    assert answer.status_code == 200
    assert len(set(answer.json()["vouchers"])) == 3
    campaign.refresh_from_db()
    assert campaign.vouchers_count == 3


def test_passes_over_codes_that_nobody_could_use(api, at):
    campaign = pool(codes=0)
    VoucherFactory(campaign=campaign, active=False)
    VoucherFactory(campaign=campaign, redeemed_count=1)
    VoucherFactory(campaign=campaign, expires_at=datetime(2020, 1, 1, tzinfo=UTC))
    VoucherFactory(campaign=campaign, deleted_at=at)
    good = VoucherFactory(campaign=campaign)

    assert publish(api, campaign).json()["voucher"]["id"] == good.public_id


@pytest.mark.requirement(189)
def test_gives_the_same_publication_for_the_same_source_id(api):
    campaign = pool()

    first = publish(api, campaign, source_id="p1")
    again = publish(api, campaign, source_id="p1")
    other = publish(api, campaign, customer="grace", source_id="p1")

    assert again.json()["id"] == first.json()["id"]
    assert (other.status_code, other.json()["key"]) == (400, "duplicate_source_id")
    assert other.json()["details"] == "Publication with source_id: 'p1' already exists"
    assert Publication.objects.count() == 1
    assert Voucher.objects.filter(publish_count=1).count() == 1


@pytest.mark.parametrize("by_campaign", [True, False])
def test_gives_the_same_code_to_a_customer_who_joins_once(api, by_campaign):
    campaign = pool(join_once=by_campaign)
    path = "/v1/publications" + ("" if by_campaign else "?join_once=true")
    body = {"campaign": campaign.name, "customer": "ada"}

    codes = [api.post(path, body).json()["voucher"]["code"] for _ in range(2)]

    assert codes == [f"{campaign.name}-0"] * 2
    refused = api.post(path, {**body, "voucher": f"{campaign.name}-1"})
    assert refused.json()["key"] == "voucher_cannot_be_published"
    assert refused.json()["details"] == (
        "Voucher cannot be published. Customer already joined program."
    )


def test_starts_the_lifetime_of_a_code(api, set_clock, at):
    set_clock(at)
    campaign = pool(
        expires_at=datetime(2026, 3, 5, tzinfo=UTC), activity_duration_after_publishing="P24D"
    )

    voucher = publish(api, campaign).json()["voucher"]

    # Summer time begins in Berlin meanwhile.
    assert voucher["expiration_date"] == "2026-03-26T12:00:00.000Z"


def test_publishes_by_get_for_keys_that_are_made_for_it(api, project):
    campaign = pool(name="Autumn")
    query = "/v1/publications/create?campaign[name]=Autumn&customer[source_id]=ada&join_once=true"

    refused = api.get(query)
    integration = ApiClient(server_headers(project, scopes=["publications"]))
    missing = integration.get("/v1/publications/create?campaign=Autumn")
    done = integration.get(query)

    assert (refused.status_code, refused.json()["key"]) == (403, "integration_api_key_required")
    assert missing.json()["details"] == "Query should have required property 'customer'"
    assert done.json()["voucher"]["code"] == "Autumn-0"
    assert Voucher.objects.filter(campaign=campaign, publish_count=1).count() == 1
