"""What is not published, and what is kept of the try."""

import pytest

from campaigns.models import Publication, Voucher
from customers.models import Customer
from loyalty_project.core.models import OutboxEvent
from tests.campaigns.api.publishing import pool, publish
from tests.factories.customer import CustomerFactory

pytestmark = pytest.mark.usefixtures("in_project")


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
