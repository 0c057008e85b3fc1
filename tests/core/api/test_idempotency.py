"""A write that is sent twice under one key happens once, whoever wins the race."""

import threading

import pytest
from django.db import connection, connections

from loyalty_project.core import tenancy
from loyalty_project.core.api import idempotency
from loyalty_project.core.models import AsyncAction, IdempotencyRecord, Project

pytestmark = pytest.mark.urls("tests.core.api.routes")
KEY = {"Idempotency-Key": "order-1"}


def rows(project, name):
    with tenancy.scope(project):
        return AsyncAction.objects.filter(type=name).count()


def test_the_first_answer_is_given_again_byte_by_byte(api, project):
    first = api.post("/v1/notes", {"name": "gift"}, headers=KEY)
    again = api.post("/v1/notes", {"name": "gift"}, headers=KEY)
    assert first.status_code == again.status_code == 200
    assert first.content == again.content == b'{"z":1,"a":1}'
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    assert rows(project, "gift") == 1


def test_without_a_key_each_request_counts(api, project):
    api.post("/v1/notes", {"name": "gift"})
    api.post("/v1/notes", {"name": "gift"})
    assert rows(project, "gift") == 2


def test_blanks_and_order_in_json_are_the_same_request(api):
    body = b'{"name": "gift", "quantity": 2}'
    other = b'{"quantity":2,"name":"gift"}'
    api.call("POST", "/v1/notes", body=body, headers=KEY)
    assert api.call("POST", "/v1/notes", body=other, headers=KEY)["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize(
    ("method", "path", "data"),
    [
        ("POST", "/v1/notes", {"name": "other"}),
        ("POST", "/v1/notes?x=1", {"name": "gift"}),
        ("POST", "/v1/notes/slow", {"name": "gift"}),
    ],
)
def test_another_request_under_the_key_is_refused(api, project, method, path, data):
    api.post("/v1/notes", {"name": "gift"}, headers=KEY)
    response = api.call(method, path, data, headers=KEY)
    assert response.status_code == 400
    assert response.json()["key"] == "idempotency_key_reuse"
    assert rows(project, "other") == rows(project, "slow") == 0


def test_keys_belong_to_a_project(api, other_api, other_project):
    api.post("/v1/notes", {"name": "gift"}, headers=KEY)
    response = other_api.post("/v1/notes", {"name": "gift"}, headers=KEY)
    assert "Idempotent-Replayed" not in response
    assert rows(other_project, "gift") == 1


def test_a_refusal_is_kept_with_the_row_that_tells_of_it(api, project):
    first = api.post("/v1/notes/refuse", headers=KEY)
    again = api.post("/v1/notes/refuse", headers=KEY)
    assert first.status_code == again.status_code == 400
    assert first.content == again.content
    assert again.json()["key"] == "voucher_expired"
    assert again["Idempotent-Replayed"] == "true"
    assert rows(project, "failure") == 1
    assert rows(project, "undone") == 0


def test_invalid_input_is_kept_too(api):
    assert api.post("/v1/notes", {}, headers=KEY).status_code == 400
    again = api.post("/v1/notes", {}, headers=KEY)
    assert again.json()["details"] == "Payload should have required property 'name'"
    assert again["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize(("path", "status"), [("busy", 409), ("crash", 500)])
def test_nothing_is_kept_of_what_should_be_tried_again(api, project, path, status):
    api.wants_500 = True
    assert api.post(f"/v1/notes/{path}", headers=KEY).status_code == status
    again = api.post(f"/v1/notes/{path}", headers=KEY)
    assert again.status_code == status
    assert "Idempotent-Replayed" not in again
    assert rows(project, path) == 0
    with tenancy.all_projects():
        assert not IdempotencyRecord.objects.exists()


def test_without_a_key_what_was_written_before_a_crash_stays(api, project):
    """The control of the test above: there the outer transaction takes it back."""
    api.wants_500 = True
    api.post("/v1/notes/crash")
    assert rows(project, "crash") == 1


def test_an_answer_is_forgotten_after_a_day(api, project, at, set_clock):
    set_clock(at)
    api.post("/v1/notes", {"name": "gift"}, headers=KEY)
    set_clock(at + idempotency.KEPT_FOR)
    response = api.post("/v1/notes", {"name": "gift"}, headers=KEY)
    assert "Idempotent-Replayed" not in response
    assert rows(project, "gift") == 2


@pytest.mark.parametrize("key", ["k" * 256, "tab\there"])
def test_an_unusable_key_is_refused(api, project, key):
    response = api.post("/v1/notes", {"name": "gift"}, headers={"Idempotency-Key": key})
    assert response.status_code == 400
    assert response.json()["key"] == "invalid_idempotency_key"
    assert rows(project, "gift") == 0


def test_a_write_above_all_projects_is_done_once_too(management_api):
    data = {"name": "A", "timezone": "UTC", "currency": "EUR", "case_sensitive_codes": True}
    first = management_api.post("/management/v1/projects", data, headers=KEY)
    again = management_api.post("/management/v1/projects", data, headers=KEY)
    assert first.content == again.content
    assert Project.objects.filter(name="A").count() == 1


def test_a_file_is_compared_by_its_content(api, project):
    api.upload("/v1/notes/upload", "first", headers=KEY)
    again = api.upload("/v1/notes/upload", "first", boundary="another-one", headers=KEY)
    other = api.upload("/v1/notes/upload", "second", headers=KEY)
    assert again["Idempotent-Replayed"] == "true"
    assert other.json()["key"] == "idempotency_key_reuse"
    assert rows(project, "first") == 1
    assert rows(project, "second") == 0


def test_a_token_is_never_kept_in_clear(api):
    form = {"grant_type": "client_credentials", "scope": "vouchers"}
    first = api.form("/v1/oauth/token", form, headers=KEY)
    again = api.form("/v1/oauth/token", form, headers=KEY)
    assert first.json()["access_token"] != again.json()["access_token"]
    with tenancy.all_projects():
        assert not IdempotencyRecord.objects.exists()


def in_threads(count, call):
    """The results of `count` calls that start together, each with a connection of its own."""
    results, ready = [], threading.Barrier(count)

    def run():
        try:
            ready.wait()
            results.append(call())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_works_and_the_other_waits_for_its_answer(api, project):
    answers = in_threads(4, lambda: api.post("/v1/notes/slow", headers=KEY))
    assert [answer.status_code for answer in answers] == [200] * 4
    assert sum("Idempotent-Replayed" in answer for answer in answers) == 3
    assert rows(project, "slow") == 1


@pytest.mark.django_db(transaction=True)
def test_the_race_is_real_without_the_guard(api, project, monkeypatch):
    monkeypatch.setattr(idempotency, "_claim", lambda *_args, **_options: 0)
    in_threads(4, lambda: api.post("/v1/notes/slow", headers=KEY))
    assert rows(project, "slow") == 4


@pytest.mark.django_db(transaction=True)
def test_who_cannot_wait_longer_is_told_that_the_key_is_in_use(api, project):
    def call():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
        return api.post("/v1/notes/slow", headers=KEY)

    answers = in_threads(2, call)
    late = next(answer for answer in answers if answer.status_code == 409)
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert late.json()["key"] == "idempotency_key_in_use"
    assert late["Retry-After"] == "1"
    assert rows(project, "slow") == 1
