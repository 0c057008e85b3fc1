"""`/v1/publications` over HTTP."""

from datetime import UTC, datetime

import pytest
import voucherify

from campaigns.models import Publication, Voucher
from customers.models import Customer
from loyalty_project.core.models import OutboxEvent
from tests.client import ApiClient
from tests.factories.api_key import server_headers
from tests.factories.campaign import CampaignFactory
from tests.factories.customer import CustomerFactory
from tests.factories.publication import PublicationFactory
from tests.factories.voucher import VoucherFactory

pytestmark = pytest.mark.usefixtures("in_project")


def pool(*, codes=2, **values):
    campaign = CampaignFactory(**values)
    for n in range(codes):
        VoucherFactory(code=f"{campaign.name}-{n}", campaign=campaign)
    return campaign


def publish(api, campaign, customer="ada", count=None, **more):
    named = {"name": campaign.name} if count is None else {"id": campaign.public_id, "count": count}
    body = {"campaign": named, "customer": {"source_id": customer}, **more}
    return api.post("/v1/publications", body)


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


def test_lists_the_publication_of_several_under_each_of_its_codes(api):
    campaign = pool(codes=2)
    made = publish(api, campaign, count=2).json()

    of_code = api.get(f"/v1/vouchers/{campaign.name.replace(' ', '%20')}-1/publications").json()
    by_code = api.get("/v1/publications", {"voucher": f"{campaign.name}-0"}).json()

    assert [row["id"] for row in of_code["publications"]] == [made["id"]]
    assert [row["id"] for row in by_code["publications"]] == [made["id"]]
    assert of_code["publications"][0]["vouchers_id"] == made["vouchers_id"]
    assert api.get("/v1/publications", {"voucher": "NOPE"}).json()["total"] == 0


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


def test_refuses_when_the_pool_is_empty_and_keeps_the_failure(api):
    campaign = pool(codes=0)
    CustomerFactory(source_id="ada")

    answer = publish(api, campaign)

    assert (answer.status_code, answer.json()["key"]) == (
        400,
        "no_voucher_suitable_for_publication",
    )
    failure = Publication.objects.get()
    assert (failure.result, failure.failure_code) == (
        "FAILURE",
        "no_voucher_suitable_for_publication",
    )
    assert not OutboxEvent.objects.exists()
    listed = api.get("/v1/publications", {"result": "FAILURE"}).json()["publications"]
    assert listed[0]["failure_code"] == "no_voucher_suitable_for_publication"


def test_refuses_more_codes_than_there_are(api):
    campaign = pool(codes=1)

    answer = publish(api, campaign, count=2)

    assert answer.json()["key"] == "too_many_vouchers_requested"
    assert answer.json()["details"] == "Only up to 1 can be published"
    assert not Voucher.objects.filter(publish_count__gt=0).exists()


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


@pytest.mark.parametrize(
    ("body", "status", "key", "details"),
    [
        ({"customer": "ada"}, 400, "missing_vouchers", "Either Campaign or Voucher is required"),
        (
            {"campaign": "Autumn"},
            400,
            "invalid_payload",
            "Payload should have required property 'customer'",
        ),
        (
            {"campaign": {"id": "1"}, "customer": "ada"},
            404,
            "not_found",
            "Cannot find campaign with id 1",
        ),
        (
            {"campaign": {"name": "Autumn", "count": 51}, "customer": "ada"},
            400,
            "invalid_payload",
            "Property .campaign.count must be >= 1 and <= 50",
        ),
        (
            {"campaign": {"name": "Autumn", "count": 2}, "customer": "ada", "source_id": "x"},
            400,
            "invalid_publish_params",
            "Property .source_id is permitted with one voucher only",
        ),
        (
            {"campaign": "Autumn", "customer": {"id": "cust_x"}},
            404,
            "not_found",
            "Cannot find customer with id cust_x",
        ),
        (
            {"campaign": {"name": "Autumn", "count": "many"}, "customer": "ada"},
            400,
            "invalid_payload",
            "Property .campaign.count must be integer",
        ),
        (
            {"campaign": ["Autumn"], "customer": "ada"},
            400,
            "invalid_payload",
            "Property .campaign must be object",
        ),
        (
            {"campaign": "Autumn", "customer": 5},
            400,
            "invalid_payload",
            "Property .customer must be object",
        ),
    ],
)
def test_names_what_is_wrong_and_writes_nothing(api, body, status, key, details):
    pool(name="Autumn")

    answer = api.post("/v1/publications", body)

    found = answer.json()
    assert (answer.status_code, found["key"], found["details"]) == (status, key, details)
    assert not Publication.objects.exists()
    assert not Customer.objects.exists()


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


def test_lists_what_is_asked_for(api):
    campaign = pool(name="Autumn")
    mine = PublicationFactory(
        voucher=campaign.vouchers.first(),
        campaign=campaign,
        customer__source_id="ada",
        source_id="s1",
    )
    PublicationFactory(result="FAILURE", failure_code="x")

    def ids(params):
        data = api.get("/v1/publications", params).json()
        return [row["id"] for row in data["publications"]]

    assert len(ids({})) == 2
    for params in (
        {"campaign": "Autumn"},
        {"customer": "ada"},
        {"voucher": "Autumn-0"},
        {"result": "SUCCESS"},
        {"source_id": "s1"},
        {"filters[campaign_name][conditions][$is]": "Autumn"},
        {"filters[related_object_id][conditions][$in][0]": mine.voucher.public_id},
        {"filters[result][conditions][$is]": "SUCCESS"},
    ):
        assert ids(params) == [mine.public_id], params
    over = api.get("/v1/publications", {"page": 1001}).json()
    assert over["key"] == "page_over_limit"
    assert over["details"] == "Property .page cannot be higher than 1000"
    assert ids({"order": "voucher_code"})
    of_code = api.get("/v1/vouchers/Autumn-0/publications").json()
    assert (of_code["total"], of_code["data_ref"]) == (1, "publications")
    voucherify.PublicationsListResponseBody.model_validate(of_code)


def test_lists_in_the_same_number_of_queries_whatever_the_number(
    api, django_assert_num_queries, django_assert_max_num_queries
):
    PublicationFactory()
    api.get("/v1/publications")
    with django_assert_max_num_queries(6) as few:
        api.get("/v1/publications")
    for _ in range(5):
        PublicationFactory()

    with django_assert_num_queries(len(few.captured_queries)):
        assert len(api.get("/v1/publications").json()["publications"]) == 6
