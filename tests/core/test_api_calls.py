"""Each call of the API leaves a row: who, what, how it ended; never what was said."""

import threading
from datetime import timedelta

import pytest
from django.db import OperationalError

from loyalty_project.core import api_calls, housekeeping, tenancy
from loyalty_project.core.models import ApiCall, ApiKey, ManagementKey
from loyalty_project.core.services import projects
from tests.client import ApiClient
from tests.factories.api_key import server_headers
from tests.factories.platform import ApiCallFactory


@pytest.fixture
def buffer(monkeypatch):
    """The buffer of this process, empty and without a thread."""
    made = api_calls.Buffer(write=api_calls.write, seconds=0)
    monkeypatch.setattr(api_calls, "buffer", made)
    return made


def written(buffer, project):
    buffer.flush()
    with tenancy.scope(project):
        return list(ApiCall.objects.order_by("pk"))


@pytest.mark.requirement(187)
def test_a_call_is_a_row_of_its_project_without_a_word_of_what_was_said(
    api, other_api, project, other_project, buffer, set_clock, at
):
    set_clock(at)
    body = {"name": "Ada", "email": "ada@example.com"}

    answers = [
        api.post("/v1/customers", body),
        api.get("/v1/vouchers/SECRET-50%25"),
        api.get("/v1/nothing/here"),
    ]
    other_api.get("/v1/customers")
    rows = written(buffer, project)

    with tenancy.scope(project):
        key = ApiKey.objects.get()
    assert [(row.method, row.route, row.status, row.error) for row in rows] == [
        ("POST", "/v1/customers", 200, ""),
        ("GET", "/v1/vouchers/{code}", 404, "not_found"),
        ("GET", "", 404, "not_found"),
    ]
    assert [row.request_id for row in rows] == [answer["X-Request-Id"] for answer in answers]
    assert {(row.api_key_id, row.ip, row.created_at) for row in rows} == {(key.pk, "127.0.0.1", at)}
    assert all(0 <= row.milliseconds < 60_000 for row in rows)
    said = str([vars(row) for row in rows])
    assert [word for word in ("Ada", "example.com", "SECRET", "nothing") if word in said] == []
    assert [row.route for row in written(buffer, other_project)] == ["/v1/customers"]


def test_a_management_key_leaves_its_rows_where_it_acted(management_api, project, buffer):
    management_api.get(f"/management/v1/projects/{project.public_id}/webhooks")
    management_api.get("/management/v1/projects")

    (row,) = written(buffer, project)
    assert row.route == "/management/v1/projects/{project_id}/webhooks"
    assert (row.api_key, row.management_key) == (None, ManagementKey.objects.get())


def test_a_key_that_nobody_knows_leaves_none(project, buffer):
    wrong = {**server_headers(project), "X-App-Token": "guessed"}

    assert ApiClient(wrong).get("/v1/customers").status_code == 401

    assert written(buffer, project) == []


def test_the_connection_of_a_call_writes_no_row(
    api, project, buffer, django_assert_max_num_queries
):
    with django_assert_max_num_queries(20) as asked:
        api.get("/v1/customers")

    assert [query["sql"] for query in asked if "core_apicall" in query["sql"]] == []
    assert len(written(buffer, project)) == 1


def test_a_full_buffer_and_a_failing_database_lose_rows_and_no_call(api, project, monkeypatch):
    kept, down = [], True

    def write(calls):
        if down:
            raise OperationalError
        kept.extend(calls)

    small = api_calls.Buffer(write=write, seconds=0, bound=2)
    monkeypatch.setattr(api_calls, "buffer", small)
    assert api.get("/v1/customers").status_code == 200
    small.flush()
    down = False
    codes = [api.get("/v1/customers").status_code for _ in range(3)]
    small.flush()

    assert codes == [200] * 3
    assert [call.route for call in kept] == ["/v1/customers"] * 2


@pytest.mark.django_db(transaction=True)
def test_a_project_that_is_deleted_takes_only_its_own_calls_along(
    api, other_api, project, other_project, buffer
):
    for client in (api, other_api, api):
        client.get("/v1/customers")

    projects.delete(project=other_project)

    assert [row.route for row in written(buffer, project)] == ["/v1/customers"] * 2


def test_what_waits_is_written_by_the_thread_before_the_process_ends():
    kept = []
    waiting = api_calls.Buffer(
        write=lambda calls: kept.append((threading.current_thread().name, calls)), seconds=3600
    )
    calls = [ApiCall(status=200), ApiCall(status=404)]

    for call in calls:
        waiting.add(call)
    waiting.close()

    assert kept == [("api-calls", calls)]


def test_rows_go_after_the_days_that_the_setting_says(in_project, at, settings, monkeypatch):
    settings.API_LOG_DAYS = 7
    monkeypatch.setattr(housekeeping, "_AT_ONCE", 2)
    new = ApiCallFactory(created_at=at - timedelta(days=6))
    for _ in range(5):
        ApiCallFactory(created_at=at - timedelta(days=8))

    housekeeping.purge(at=at)

    assert list(ApiCall.objects.all()) == [new]
