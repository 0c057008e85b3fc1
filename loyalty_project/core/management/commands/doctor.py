"""`manage.py doctor`: is everything there that Wafa needs? The exit status tells."""

import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Min

from loyalty_project.core import clock, tenancy
from loyalty_project.core.embedded.binaries import OLDEST_MAJOR
from loyalty_project.core.management import schema
from loyalty_project.core.models import Heartbeat, OutboxEvent

SILENCE = timedelta(seconds=60)
CLOCK_DIFFERENCE = timedelta(seconds=2)
OUTBOX_LAG = timedelta(seconds=60)


class Unwell(RuntimeError):
    """Something is missing or late; the text says what."""


class Command(BaseCommand):
    """Look at each part and report; status 1 if any is unwell."""

    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")

    def handle(self, *args: Any, **options: Any) -> None:
        found = {name: (well, told) for name, well, told in _examine()}
        if options["json"]:
            shown = {name: {"ok": well, "detail": told} for name, (well, told) in found.items()}
            self.stdout.write(json.dumps(shown))
        else:
            for name, (well, told) in found.items():
                self.stdout.write(f"{'ok  ' if well else 'FAIL'}  {name:12} {told}")
        unwell = [name for name, (well, _) in found.items() if not well]
        if unwell:
            message = f"Unwell: {', '.join(unwell)}"
            raise CommandError(message)


def database() -> str:
    """PostgreSQL answers and is new enough."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (version,) = cursor.fetchone()
    if int(version.split(".")[0]) < OLDEST_MAJOR:
        message = f"PostgreSQL {version} is older than {OLDEST_MAJOR}"
        raise Unwell(message)
    return f"PostgreSQL {version}"


def migrations() -> str:
    """Nothing waits to be migrated, and what was is of these initial migrations."""
    if schema.is_of_other_initials():
        message = "made by other initial migrations; `make demo-reset` starts anew"
        raise Unwell(message)
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        message = f"{len(waiting)} to apply: manage.py migrate"
        raise Unwell(message)
    return "all applied"


def worker() -> str:
    """A worker has looked for work lately."""
    return _heartbeat("worker")


def beat() -> str:
    """Beat has offered work lately."""
    return _heartbeat("beat")


def database_clock() -> str:
    """The clocks of this machine and of the database agree."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (theirs,) = cursor.fetchone()
    apart = abs(clock.now() - theirs)
    if apart > CLOCK_DIFFERENCE:
        message = f"{apart.total_seconds():.1f} s apart"
        raise Unwell(message)
    return f"{apart.total_seconds() * 1000:.0f} ms apart"


def outbox() -> str:
    """Events are dispatched soon after they happen."""
    with tenancy.all_projects():
        waiting = OutboxEvent.objects.filter(dispatched_at__isnull=True)
        oldest = waiting.aggregate(oldest=Min("created_at"))["oldest"]
    lag = max(clock.now() - oldest, timedelta(0)) if oldest else timedelta(0)
    if lag > OUTBOX_LAG:
        message = f"the oldest event has waited {lag.total_seconds():.0f} s"
        raise Unwell(message)
    return f"{lag.total_seconds():.0f} s behind"


def static_files() -> str:
    """The style sheet of the admin can be served."""
    try:
        name = staticfiles_storage.url("admin/css/base.css")
    except ValueError as error:
        message = "not collected: manage.py collectstatic"
        raise Unwell(message) from error
    return str(name)


CHECKS: dict[str, Callable[[], str]] = {
    "database": database,
    "migrations": migrations,
    "worker": worker,
    "beat": beat,
    "clock": database_clock,
    "outbox": outbox,
    "static files": static_files,
}


def _examine() -> Iterator[tuple[str, bool, str]]:
    for name, check in CHECKS.items():
        try:
            yield name, True, check()
        except Unwell as reason:
            yield name, False, str(reason)
        except DatabaseError as error:
            yield name, False, str(error).strip().split("\n")[0]


def _heartbeat(name: str) -> str:
    seen = Heartbeat.objects.filter(name=name).values_list("seen_at", flat=True).first()
    if seen is None:
        message = "never seen"
        raise Unwell(message)
    ago = max(clock.now() - seen, timedelta(0))
    if ago > SILENCE:
        message = f"last seen {ago.total_seconds():.0f} s ago"
        raise Unwell(message)
    return f"seen {ago.total_seconds():.0f} s ago"
