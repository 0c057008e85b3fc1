"""`manage.py doctor` says which part is unwell, and its exit status says that one is."""

import io
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from loyalty_project.core import clock, jobs
from loyalty_project.core.management import schema
from loyalty_project.core.models import Heartbeat

pytestmark = pytest.mark.django_db


@pytest.fixture
def beating():
    for name in ("worker", "beat"):
        jobs.beat(name, at=clock.now())


def examine():
    said = io.StringIO()
    try:
        call_command("doctor", "--json", stdout=said)
        unwell = ""
    except CommandError as error:
        unwell = str(error)
    return json.loads(said.getvalue()), unwell


@pytest.mark.usefixtures("beating")
def test_is_content_when_every_part_is_well():
    found, unwell = examine()

    assert {name: part["ok"] for name, part in found.items()} == {
        "database": True,
        "migrations": True,
        "worker": True,
        "beat": True,
        "clock": True,
        "outbox": True,
        "static files": True,
        "nightly check": True,
    }
    assert unwell == ""
    assert found["database"]["detail"].startswith("PostgreSQL ")


def test_misses_processes_that_were_never_seen():
    found, unwell = examine()

    assert found["worker"] == {"ok": False, "detail": "never seen"}
    assert unwell == "Unwell: worker, beat"


@pytest.mark.usefixtures("beating")
def test_misses_a_worker_that_fell_silent():
    Heartbeat.objects.filter(name="worker").update(seen_at=clock.now() - timedelta(minutes=10))

    found, unwell = examine()

    assert found["worker"] == {"ok": False, "detail": "last seen 600 s ago"}
    assert unwell == "Unwell: worker"


@pytest.mark.usefixtures("beating")
def test_knows_tables_made_by_other_initial_migrations():
    with connection.cursor() as cursor:
        cursor.execute("COMMENT ON TABLE django_migrations IS 'of another time'")

    found, unwell = examine()

    assert unwell == "Unwell: migrations"
    assert "make demo-reset" in found["migrations"]["detail"]


def test_notes_which_initial_migrations_made_the_tables():
    assert not schema.is_of_other_initials()

    schema.note()

    assert not schema.is_of_other_initials()
    assert len(schema.fingerprint()) == 32
