"""`campaign.started` and `campaign.stopped`: when a campaign begins to work, and when it ceases."""

from datetime import timedelta

import pytest

from campaigns.tasks import announce
from loyalty_project.core import dispatch, tenancy
from loyalty_project.core.models import OutboxEvent

pytestmark = pytest.mark.django_db
BODY = {"name": "Spring", "campaign_type": "PROMOTION"}
OURS = "campaign.created,campaign.started,campaign.stopped"


@pytest.fixture(autouse=True)
def _now(set_clock, at):
    set_clock(at)


def told(project):
    """What was told since the last time."""
    with tenancy.scope(project):
        rows = OutboxEvent.objects.filter(type__in=OURS.split(","), dispatched_at=None)
        found = [row.type.removeprefix("campaign.") for row in rows.order_by("pk")]
        rows.update(dispatched_at=dispatch.clock.now())
    return found


@pytest.mark.requirement(209)
def test_creating_starting_and_stopping_are_three_events_with_id_and_actor(api, at):
    made = api.post("/v1/campaigns", {**BODY, "active": False}).json()
    api.post("/v1/campaigns/Spring/enable")
    api.post("/v1/campaigns/Spring/disable")
    api.post("/v1/campaigns/Spring/disable")
    dispatch.dispatch(at=at)

    events = api.get("/v1/events", {"types": OURS}).json()["data"]

    key = {"name": "Till", "app_id": api.headers["X-App-Id"]}
    assert [event["type"] for event in events] == [
        "campaign.created",
        "campaign.started",
        "campaign.stopped",
    ]
    assert {event["entity_id"] for event in events} == {made["id"]}
    assert len({event["id"] for event in events}) == 3
    assert [event["event_source"]["api_key"] for event in events] == [key] * 3


def test_one_that_is_made_to_work_at_once_starts_with_it(api, project):
    api.post("/v1/campaigns", BODY)
    assert told(project) == ["created", "started"]
    api.put("/v1/campaigns/Spring", {"description": "Flowers"})
    assert told(project) == []
    api.delete("/v1/campaigns/Spring")
    assert told(project) == ["stopped"]


def test_dates_that_pass_are_told_once_by_the_sweep(api, project, at, set_clock):
    dates = {
        "start_date": (at + timedelta(days=1)).isoformat(),
        "expiration_date": (at + timedelta(days=2)).isoformat(),
    }
    api.post("/v1/campaigns", {**BODY, **dates})
    announce()
    assert told(project) == ["created"]

    for days, expected in ((1, ["started"]), (1.5, []), (2, ["stopped"]), (3, [])):
        set_clock(at + timedelta(days=days))
        announce()
        assert told(project) == expected
