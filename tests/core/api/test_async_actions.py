"""Background tasks as integrators watch them."""

from datetime import timedelta

import pytest

from loyalty_project.core import async_actions, jobs, tenancy
from loyalty_project.core.models import AsyncAction


@pytest.fixture
def action(project):
    with tenancy.scope(project):
        return AsyncAction.objects.create(
            type="CAMPAIGN.VOUCHERS_GENERATE", total=10, request_id="v-1"
        )


def test_a_task_shows_how_far_it_is_and_what_came_of_it(api, project, action, at, set_clock):
    set_clock(at)
    path = f"/v1/async-actions/{action.public_id}"
    with tenancy.scope(project):
        AsyncAction.objects.filter(pk=action.pk).update(
            status="IN_PROGRESS", done=4, failed=1, started_at=at - timedelta(seconds=3)
        )
    body = api.get(path).json()
    assert body["status"] == "IN_PROGRESS"
    assert body["operation_status"] == "UNKNOWN"
    assert body["progress"] == 50
    assert body["result"] is None
    with tenancy.scope(project):
        action.refresh_from_db()
        failures = [{"code": "A", "reason": "taken"}]
        jobs.enqueue("watched", project=project, params={}, at=at)
        job = jobs.lease_next(at=at)
        async_actions.finish(action, job=job, message="Done", failures=failures)
    body = api.get(path).json()
    assert body["status"] == "DONE"
    assert body["operation_status"] == "SUCCESS"
    assert body["progress"] == 100
    assert body["processing_time"] == 3000
    assert body["request_id"] == "v-1"
    assert body["result"] == {
        "message": "Done",
        "done_count": 4,
        "failed_count": 1,
        "failed": failures,
    }


def test_tasks_are_listed_newest_first_up_to_an_end(api, project, at):
    with tenancy.scope(project):
        for day in range(3):
            row = AsyncAction.objects.create(type="ORDERS.IMPORT")
            AsyncAction.objects.filter(pk=row.pk).update(created_at=at + timedelta(days=day))
    first = api.get("/v1/async-actions", {"limit": 2}).json()
    assert first["data_ref"] == "async_actions"
    assert first["has_more"] is True
    days = [row["created_at"] for row in first["async_actions"]]
    assert days == ["2026-03-04T12:00:00.000Z", "2026-03-03T12:00:00.000Z"]
    assert "result" not in first["async_actions"][0]
    rest = api.get("/v1/async-actions", {"limit": 2, "end_date": days[-1]}).json()
    assert [row["created_at"] for row in rest["async_actions"]] == ["2026-03-02T12:00:00.000Z"]
    assert rest["has_more"] is False
    assert api.get("/v1/async-actions", {"end_date": "soon"}).status_code == 400


@pytest.mark.requirement(174)
def test_the_task_of_another_project_is_not_found(other_api, action):
    response = other_api.get(f"/v1/async-actions/{action.public_id}")
    assert response.status_code == 404
    assert response.json()["details"] == f"Cannot find async action with id {action.public_id}"
    assert other_api.get("/v1/async-actions").json()["async_actions"] == []
