"""Whatever is sent, the answer is a documented status with the published body."""

import pytest
from django.db import connection, transaction

from loyalty_project.core import tenancy
from loyalty_project.core.models import AsyncAction

pytestmark = pytest.mark.urls("tests.core.api.routes")


def nothing_written(project):
    with tenancy.scope(project):
        return not AsyncAction.objects.exists()


def test_a_call_without_a_key_is_told_so(api):
    api.headers = {}
    response = api.get("/v1/async-actions")
    body = response.json()
    assert response.status_code == 401
    assert body == {
        "code": 401,
        "key": "unauthorized",
        "message": "Application id or token are incorrect, please check if your headers are set "
        "properly",
        "request_id": response["X-Request-Id"],
        "explanation": "The key is missing, wrong, expired, revoked, or used from elsewhere.",
    }
    assert body["request_id"].startswith("v-")


def test_the_explanation_speaks_the_language_of_the_reader_and_the_key_does_not(api):
    api.headers = {"Accept-Language": "de"}
    body = api.get("/v1/async-actions").json()
    assert body["key"] == "unauthorized"


@pytest.mark.parametrize("path", ["/v1/no-such-thing/1", "/v1", "/v1/", "/v1/notes/a/b"])
def test_an_unknown_route_answers_json(api, path):
    response = api.get(path)
    assert response.status_code == 404
    assert response["Content-Type"] == "application/json"
    assert response.json()["key"] == "not_found"
    assert response.json()["message"] == "Resource not found"


def test_an_unknown_route_needs_a_key_first(api):
    api.headers = {}
    assert api.get("/v1/no-such-thing").status_code == 401
    assert api.get("/client/v1/no-such-thing").status_code == 401
    assert api.get("/management/v1/no-such-thing").status_code == 401


def test_a_wrong_method_is_named(api):
    response = api.delete("/v1/notes")
    assert response.status_code == 405
    assert response.json()["key"] == "method_not_allowed"


def test_a_trailing_slash_is_served_without_a_redirect(api):
    assert api.get("/v1/notes/").status_code == 200
    assert api.post("/v1/notes/", {"name": "gift"}).status_code == 200


def test_any_accept_header_gets_json(api):
    for accept in ("text/html", "application/xml", "application/json, text/plain, */*", "nonsense"):
        response = api.get("/v1/notes?format=xml", headers={"Accept": accept})
        assert response.status_code == 200
        assert response["Content-Type"] == "application/json"


@pytest.mark.parametrize("body", [b"", b"5", b'"text"', b"null", b"true", b"  ", b"{}"])
def test_an_empty_body_or_a_scalar_is_an_empty_object(api, body):
    response = api.call("POST", "/v1/notes", body=body)
    assert response.status_code == 400
    assert response.json()["details"] == "Payload should have required property 'name'"


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"{'name': 1}",
        b'{"name": NaN}',
        b'{"quantity": Infinity}',
        b'{"quantity": 1e999}',
        b'{"quantity": ' + b"9" * 5000 + b"}",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a":' * 60 + b"1" + b"}" * 60,
        b'{"name": "a\\u0000b"}',
        b'{"name": "\\ud800"}',
        b'{"x": {"\\u0000": 1}}',
    ],
)
def test_a_body_that_cannot_be_kept_is_refused(api, project, body):
    response = api.call("POST", "/v1/notes", body=body)
    assert response.status_code == 400
    assert response.json()["key"] == "invalid_payload"
    assert response.json()["message"] == "Invalid request payload JSON format"
    assert nothing_written(project)


def test_a_smiley_in_two_escapes_is_kept(api):
    response = api.call("POST", "/v1/notes", body=b'{"name": "\\ud83d\\ude00"}')
    assert response.status_code == 200


def test_ten_megabytes_are_too_large(api, project):
    response = api.call("POST", "/v1/notes", body=b'{"name": "' + b"x" * 10_485_760 + b'"}')
    assert response.status_code == 413
    assert response.json() == {
        "statusCode": 413,
        "error": "Request Entity Too Large",
        "message": "Payload content length greater than maximum allowed: 10485760",
    }
    assert nothing_written(project)


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "text/json"])
def test_another_content_type_is_not_supported(api, project, content_type):
    response = api.call("POST", "/v1/notes", body=b'{"name": "x"}', content_type=content_type)
    assert response.status_code == 415
    assert response.json()["code"] == 415
    assert nothing_written(project)


@pytest.mark.parametrize(
    ("data", "details"),
    [
        ({"name": 5}, "Property .name must be string"),
        ({"name": ""}, "Property .name must NOT be empty"),
        ({"name": None}, "Payload should have required property 'name'"),
        ({"name": "x", "quantity": True}, "Property .quantity must be integer"),
        ({"name": "x", "quantity": 1.5}, "Property .quantity must be integer"),
        ({"name": "x", "quantity": "x"}, "Property .quantity must be integer"),
        (
            {"name": "x", "quantity": 10**30},
            "Property .quantity must be <= 9223372036854775807",
        ),
        ([], "Payload must be object"),
    ],
)
def test_the_wrong_member_is_named(api, project, data, details):
    response = api.post("/v1/notes", data)
    assert response.status_code == 400
    assert response.json()["message"] == "Invalid payload"
    assert response.json()["details"] == details
    assert nothing_written(project)


def test_a_value_that_no_column_holds_is_the_callers_fault(api, project):
    response = api.post("/v1/notes", {"name": "x" * 61})
    assert response.status_code == 400
    assert response.json()["details"] == "A value is too long or too large to be stored"


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "limit=x",
        "page=101",
        "page=-1",
        "order=nonsense",
        "filters=text",
        "filters[nope][conditions][$is]=1",
        "a[b=1",
        "limit[a]=1",
        "x[a]=1&x=2",
        "x=%00",
        "x=%ff",
        "]=1",
        "limit=9999999999999999999999",
        "&".join(f"a{n}=1" for n in range(1100)),
    ],
)
def test_a_query_that_cannot_be_read_never_breaks(api, query):
    response = api.get(f"/v1/notes?{query}")
    if response.status_code != 200:
        assert response.status_code == 400
        assert response.json()["key"] == "invalid_query_params"


@pytest.mark.parametrize("code", ["%00", "%ff", "%20"])
def test_a_path_that_no_id_can_be_is_not_found(api, code):
    assert api.get(f"/v1/notes/{code}").status_code == 404


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("a%2Fb", "a/b"),
        ("50%25", "50%"),
        ("a%252Fb", "a%2Fb"),
        ("My%20campaign%2F1", "My campaign/1"),
        ("%C3%BC", "ü"),
        ("%20trim%20", "trim"),
        ("a+b", "a+b"),
    ],
)
def test_a_code_in_the_path_is_what_the_client_meant(api, raw, code):
    assert api.get(f"/v1/notes/{raw}").json() == {"code": code}


def test_a_lock_that_is_not_had_in_time_is_a_conflict(api):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    response = api.post("/v1/notes/busy")
    assert response.status_code == 409
    assert response.json()["key"] == "multiple_requests"
    assert response.json()["message"] == "Multiple concurrent requests are not allowed"


@pytest.mark.django_db(transaction=True)
def test_a_lock_held_by_another_answers_when_to_try_again(api):
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(77)")
        response = api.post("/v1/notes/locked")
    finally:
        other.close()
    assert response.status_code == 409
    assert response["Retry-After"] == "1"
    assert response.json()["key"] == "multiple_requests"


def test_what_nobody_foresaw_is_a_plain_500_without_its_text(api):
    api.wants_500 = True
    response = api.post("/v1/notes/crash")
    assert response.status_code == 500
    assert response.json()["key"] == "internal_error"
    assert "ZeroDivision" not in response.content.decode()


def test_a_failure_outside_of_any_view_is_json_too(api, monkeypatch):
    def broken(*_args, **_options):
        raise RuntimeError

    monkeypatch.setattr("loyalty_project.core.credentials.resolve", broken)
    api.wants_500 = True
    response = api.get("/v1/notes")
    assert response.status_code == 500
    assert response.json()["key"] == "internal_error"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("place", ["credentials.resolve", "api.idempotency.once"])
def test_a_database_that_is_away_answers_when_to_try_again(api, project, monkeypatch, place):
    """The connection is cut as a killed server does it, in a middleware or in a view."""

    def cut(*_arguments, **_options):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setattr(f"loyalty_project.core.{place}", cut)
    api.wants_500 = True
    response = api.post("/v1/notes", {"name": "x"}, headers={"Idempotency-Key": "1"})
    connection.close()

    assert response.status_code == 503
    assert response["Retry-After"] == "1"
    assert response.json()["key"] == "service_unavailable"
    monkeypatch.undo()
    assert api.post("/v1/notes", {"name": "x"}, headers={"Idempotency-Key": "1"}).json()["a"] == 1


def test_a_header_of_an_odd_form_never_breaks(api, project):
    odd = ["\x00", "é" * 300, "Bearer", "Bearer ", "Bearer \x00", "Basic eDp5", "x" * 5000]
    for text in odd:
        for name in ("Authorization", "X-App-Id", "X-App-Token"):
            headers = {**api.headers, name: text}
            assert api.get("/v1/notes", headers=headers).status_code in {200, 401}
    with transaction.atomic():
        assert nothing_written(project)
