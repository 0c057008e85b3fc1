from datetime import timedelta

import pytest
from voucherify.models.customers_activity_list_response_body import (
    CustomersActivityListResponseBody,
)

from loyalty_project.core import tenancy
from loyalty_project.core.models import OutboxEvent
from tests.factories.customer import CustomerFactory


@pytest.fixture
def ada(project, at):
    with tenancy.scope(project):
        ada = CustomerFactory(source_id="ada")
        for hours, (name, data) in enumerate(
            [
                ("customer.created", {"customer": {}}),
                ("order.paid", {"order": {}}),
                ("voucher.published", {}),
                ("redemption.succeeded", {"campaign": {"id": "camp_1"}}),
                ("publication.succeeded", {"campaign": {"id": "camp_1"}}),
            ]
        ):
            OutboxEvent.objects.create(
                type=name,
                about=ada.public_id,
                data=data,
                group_id="v-1",
                channel="API",
                occurred_at=at + timedelta(hours=hours),
            )
        OutboxEvent.objects.create(type="order.paid", about="cust_x", data={}, occurred_at=at)
    return ada


def types(api, **params):
    response = api.get("/v1/customers/ada/activity", params)
    assert response.status_code == 200, response.content
    return [event["type"].removeprefix("customer.") for event in response.json()["data"]]


def test_lists_published_activities_of_one_customer_newest_first(api, ada):
    body = api.get("/v1/customers/ada/activity").json()

    assert len(CustomersActivityListResponseBody.from_dict(body).data) == 4
    assert (body["object"], body["data_ref"], body["has_more"]) == ("list", "data", False)
    newest = body["data"][0]
    assert newest["id"].startswith("ev_")
    assert newest == {
        "id": newest["id"],
        "type": "customer.publication.succeeded",
        "data": {"data": {"campaign": {"id": "camp_1"}}, "event_source": {"channel": "API"}},
        "created_at": "2026-03-02T16:00:00.000Z",
        "group_id": "v-1",
    }


def test_filters(api, ada):
    assert types(api, category="EFFECT") == ["publication.succeeded"]
    assert types(api, type="customer.order.paid") == ["order.paid"]
    assert types(api, campaign_id="camp_1") == ["publication.succeeded", "redemption.succeeded"]
    assert types(api, start_date="2026-03-02T15:00:00Z", order="created_at") == [
        "redemption.succeeded",
        "publication.succeeded",
    ]
    assert types(api, end_date="2026-03-02T12:30:00.000Z") == ["created"]


def test_goes_on_behind_an_event(api, ada):
    first = api.get("/v1/customers/ada/activity", {"limit": 2}).json()

    assert (first["has_more"], first["more_starting_after"]) == (True, first["data"][1]["id"])
    assert types(api, starting_after_id=first["more_starting_after"]) == ["order.paid", "created"]


def test_answers_under_the_old_name(api, ada):
    body = api.get("/v1/customers/ada/activities").json()

    assert (body["total"], len(body["data"])) == (4, 4)


@pytest.mark.parametrize("params", [{"category": "ALL"}, {"start_date": "soon"}, {"limit": 0}])
def test_refuses_wrong_params(api, ada, params):
    response = api.get("/v1/customers/ada/activity", params)

    assert (response.status_code, response.json()["key"]) == (400, "invalid_query_params")


def test_is_not_seen_from_another_project(other_api, ada):
    assert other_api.get(f"/v1/customers/{ada.public_id}/activity").status_code == 404
