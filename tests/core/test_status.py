"""What monitoring asks."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction

from loyalty_project.core import monitoring, outbox, status
from tests.client import ApiClient
from tests.factories.api_key import server_headers


@pytest.fixture(autouse=True)
def _not_asked_before(monkeypatch):
    monkeypatch.setattr(status, "_migrated", {"done": False})


@pytest.mark.requirement(214)
def test_a_running_process_is_alive(client):
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


@pytest.mark.requirement(214)
def test_a_migrated_database_makes_it_ready(client, db):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "checks": {"database": "ok", "migrations": "ok"},
    }


@pytest.mark.requirement(214)
def test_it_is_not_ready_without_its_database(client, db, monkeypatch):
    def down():
        raise OperationalError

    with monkeypatch.context() as patched:
        patched.setattr(connection, "cursor", down)
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["database"] == "unreachable"


@pytest.mark.requirement(214)
def test_it_is_not_ready_before_its_migrations(client, db, monkeypatch):
    monkeypatch.setattr(status, "_is_migrated", lambda: False)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["migrations"] == "pending"


@pytest.mark.requirement(214)
def test_figures_count_routes_and_never_name_a_tenant(client, project):
    caller = ApiClient(server_headers(project, name="Secret shop"))
    caller.get("/v1/async-actions/aa_somebody")
    text = client.get("/metrics").content.decode()
    assert (
        'wafa_requests_total{method="GET",route="v1/async-actions/<raw:action_id>",status="404"}'
        in text
    )
    assert 'wafa_request_seconds_count{route="v1/async-actions/<raw:action_id>"}' in text
    assert "wafa_open_jobs 0.0" in text
    assert "wafa_outbox_lag_seconds 0.0" in text
    for secret in ("aa_somebody", "Secret shop", project.slug, caller.headers["X-App-Id"]):
        assert secret not in text


@pytest.mark.requirement(214)
def test_the_lag_is_the_age_of_the_oldest_event(in_project, at, set_clock):
    set_clock(at)
    with transaction.atomic():
        outbox.emit("customer.created", project=in_project, subject="x", data={}, at=at)
    set_clock(at + timedelta(seconds=90))
    assert monitoring.outbox_lag() == timedelta(seconds=90)


def test_an_unknown_method_makes_no_new_series(client, db):
    client.generic("BREW", "/healthz")
    text = client.get("/metrics").content.decode()
    assert 'method="OTHER"' in text
    assert "BREW" not in text


@pytest.mark.requirement(214)
def test_figures_of_all_processes_are_added(client, db, tmp_path, monkeypatch):
    """Each web process writes files of its own into the directory; whoever is asked reads all."""
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    assert "wafa_open_jobs" in client.get("/metrics").content.decode()


@pytest.mark.requirement(214)
def test_figures_are_for_the_bearer_of_the_token_where_one_is_set(client, db, settings):
    settings.METRICS_TOKEN = "a-long-token"
    answers = [
        client.get("/metrics", headers=headers)
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "a-long-token"})
    ]
    for answer in answers:
        assert (answer.status_code, answer.content) == (401, b"")
        assert answer["WWW-Authenticate"] == "Bearer"
    shown = client.get("/metrics", headers={"Authorization": "Bearer a-long-token"})
    assert "wafa_open_jobs" in shown.content.decode()
