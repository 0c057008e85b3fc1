"""The feed: in order, at least once, of one project, for 30 days."""

from datetime import timedelta

import pytest
from django.db import transaction

from loyalty_project.core import clock, dispatch, outbox, tenancy
from loyalty_project.core.models import OutboxEvent
from tests.client import ApiClient
from tests.factories.api_key import server_headers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(set_clock, at):
    set_clock(at)


def happens(project, *subjects, event_type="order.paid", dispatched=True):
    with tenancy.scope(project), transaction.atomic():
        for subject in subjects:
            outbox.emit(
                event_type, project=project, subject=subject, data={"n": subject}, at=clock.now()
            )
    if dispatched:
        dispatch.dispatch(at=clock.now())


def read(api, **params):
    answer = api.get("/v1/events", params)
    assert answer.status_code == 200, answer.content
    return answer.json()


def subjects(page):
    return [event["entity_id"] for event in page["data"]]


@pytest.mark.requirement(207)
def test_a_reader_goes_on_where_it_stopped_and_misses_nothing(api, other_api, project):
    happens(project, "a", "b", "c")

    first = read(api, limit=2)
    second = read(api, limit=2, after=first["cursor"])
    empty = read(api, after=second["cursor"])
    assert (subjects(first), first["has_more"]) == (["a", "b"], True)
    assert (subjects(second), second["has_more"]) == (["c"], False)
    assert (subjects(empty), empty["has_more"], empty["cursor"]) == ([], False, second["cursor"])

    happens(project, "d")
    assert subjects(read(api, after=empty["cursor"])) == ["d"]
    assert subjects(read(api, after=first["cursor"])) == ["c", "d"]  # again, as often as asked
    assert subjects(read(api)) == ["a", "b", "c", "d"]
    assert subjects(read(other_api)) == []
    assert first["data"][1]["cursor"] == first["cursor"]


@pytest.mark.requirement(207)
def test_what_commits_late_comes_after_the_cursor(api, project):
    happens(project, "late", dispatched=False)
    with tenancy.scope(project):
        late = OutboxEvent.objects.get()
        late.dispatched_at = clock.now()  # as if the dispatcher could not see it yet
        late.save()
    happens(project, "early")
    first = read(api)
    with tenancy.scope(project):
        OutboxEvent.objects.filter(pk=late.pk).update(dispatched_at=None)
    dispatch.dispatch(at=clock.now())

    assert subjects(first) == ["early"]
    assert subjects(read(api, after=first["cursor"])) == ["late"]


def test_an_event_says_what_when_and_who(api, project, at):
    api.post("/v1/customers", {"source_id": "ada"})
    dispatch.dispatch(at=at)
    key_id = api.headers["X-App-Id"]

    (event,) = read(api, types="customer.created")["data"]

    assert event["type"] == "customer.created"
    assert event["created_at"] == "2026-03-02T12:00:00.000Z"
    assert event["entity_id"] == event["data"]["customer"]["id"]
    assert event["event_source"] == {
        "channel": "API",
        "api_key": {"name": "Till", "app_id": key_id},
    }
    assert event["group_id"].startswith("v-")
    assert api.get(f"/v1/events/{event['id']}").json() == event


def test_another_project_and_another_scope_see_nothing(api, other_api, project):
    happens(project, "a")
    (event,) = read(api)["data"]
    narrow = ApiClient(server_headers(project, scopes=["vouchers"]))
    viewer = ApiClient(server_headers(project, scopes=["events"], role="VIEWER"))

    assert other_api.get(f"/v1/events/{event['id']}").status_code == 404
    assert narrow.get("/v1/events").status_code == 403
    assert subjects(read(viewer)) == ["a"]


def test_can_be_narrowed_to_types_and_begin_with_what_is_to_come(api, project):
    happens(project, "a")
    happens(project, "b", event_type="order.created")
    happens(project, "c", event_type="voucher.gift.balance_added")

    assert subjects(read(api, types="order.created,voucher.gift.balance_aded")) == ["b", "c"]
    nothing = read(api, types="order.canceled")
    assert (subjects(nothing), nothing["cursor"]) == ([], read(api)["cursor"])
    latest = read(api, after="latest")
    assert (subjects(latest), latest["cursor"]) == ([], nothing["cursor"])


@pytest.mark.requirement(207)
def test_keeps_events_for_30_days_and_tells_a_reader_who_missed_some(api, project, at, set_clock):
    happens(project, "old")
    first = read(api)["cursor"]
    happens(project, "older than 30 days")
    set_clock(at + timedelta(days=2))
    happens(project, "kept")

    set_clock(at + timedelta(days=30))
    assert subjects(read(api)) == ["old", "older than 30 days", "kept"]
    set_clock(at + timedelta(days=30, seconds=1))
    assert subjects(read(api)) == ["kept"]
    late = api.get("/v1/events", {"after": first})
    assert (late.status_code, late.json()["key"]) == (410, "cursor_expired")
    assert "begin without one" in late.json()["details"]


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"after": "x"}, "'after'"),
        ({"after": "-1"}, "'after'"),
        ({"limit": "501"}, "'limit'"),
        ({"limit": "0"}, "'limit'"),
        ({"types": "order.eaten"}, "order.eaten"),
    ],
)
def test_names_the_parameter_that_it_cannot_read(api, params, words):
    answer = api.get("/v1/events", params)

    assert (answer.status_code, answer.json()["key"]) == (400, "invalid_query_params")
    assert words in answer.json()["details"]
