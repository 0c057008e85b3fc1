"""Is everything there that Wafa needs? `manage.py doctor` and the status page ask this."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from loyalty_project.core import clock, monitoring
from loyalty_project.core.embedded.binaries import OLDEST_MAJOR
from loyalty_project.core.management import schema
from loyalty_project.core.models import Heartbeat

SILENCE = timedelta(seconds=60)
CLOCK_DIFFERENCE = timedelta(seconds=2)
OUTBOX_LAG = timedelta(seconds=60)


class Unwell(RuntimeError):
    """Something is missing or late; the text says what."""


@dataclass(frozen=True, slots=True)
class Check:
    """`look` tells what it saw or raises Unwell; `advice` is what to do then."""

    name: str
    label: Promise
    look: Callable[[], str]
    advice: Promise


@dataclass(frozen=True, slots=True)
class Finding:
    """`name` is that of the command line; `label` and `advice` are for people."""

    name: str
    label: Promise
    well: bool
    detail: str
    advice: Promise


def examine() -> list[Finding]:
    """What every check finds now: those of the platform, then those of the apps."""
    return [_finding(check) for check in (*CHECKS, *map(import_string, settings.WAFA_CHECKS))]


def _finding(check: Check) -> Finding:
    try:
        with transaction.atomic():
            detail, well = check.look(), True
    except Unwell as reason:
        detail, well = str(reason), False
    except DatabaseError as error:
        detail, well = str(error).strip().split("\n")[0], False
    return Finding(check.name, check.label, well, detail, check.advice)


def database() -> str:
    """PostgreSQL answers and is new enough."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (version,) = cursor.fetchone()
    if int(version.split(".")[0]) < OLDEST_MAJOR:
        message = _("PostgreSQL %(version)s is older than %(oldest)s")
        raise Unwell(message % {"version": version, "oldest": OLDEST_MAJOR})
    return f"PostgreSQL {version}"


def migrations() -> str:
    """Nothing waits to be migrated, and what was is of these initial migrations."""
    if schema.is_of_other_initials():
        raise Unwell(_("made by other initial migrations; `make demo-reset` starts anew"))
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        raise Unwell(_("%(count)s to apply") % {"count": len(waiting)})
    return _("all applied")


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
        raise Unwell(_("%(seconds)s s apart") % {"seconds": f"{apart.total_seconds():.1f}"})
    return _("%(milliseconds)s ms apart") % {"milliseconds": f"{apart.total_seconds() * 1000:.0f}"}


def outbox() -> str:
    """Events are dispatched soon after they happen."""
    lag = max(monitoring.outbox_lag(), timedelta(0))
    seconds = {"seconds": f"{lag.total_seconds():.0f}"}
    if lag > OUTBOX_LAG:
        raise Unwell(_("the oldest event has waited %(seconds)s s") % seconds)
    return _("%(seconds)s s behind") % seconds


def static_files() -> str:
    """The style sheet of the admin can be served."""
    try:
        name = staticfiles_storage.url("admin/css/base.css")
    except ValueError as error:
        raise Unwell(_("not collected")) from error
    return str(name)


def _heartbeat(name: str) -> str:
    seen = Heartbeat.objects.filter(name=name).values_list("seen_at", flat=True).first()
    if seen is None:
        raise Unwell(_("never seen"))
    ago = max(clock.now() - seen, timedelta(0))
    seconds = {"seconds": f"{ago.total_seconds():.0f}"}
    if ago > SILENCE:
        raise Unwell(_("last seen %(seconds)s s ago") % seconds)
    return _("seen %(seconds)s s ago") % seconds


CHECKS = (
    Check(
        "database",
        gettext_lazy("Database"),
        database,
        gettext_lazy("Start PostgreSQL, in a version that is new enough, and look at its log."),
    ),
    Check(
        "migrations",
        gettext_lazy("Tables"),
        migrations,
        gettext_lazy("Run manage.py migrate, then start all processes again."),
    ),
    Check(
        "worker",
        gettext_lazy("Worker"),
        worker,
        gettext_lazy("Start a worker; its log says why it stopped. Until then work waits."),
    ),
    Check(
        "beat",
        gettext_lazy("Beat"),
        beat,
        gettext_lazy("Start beat; until then nothing happens at its appointed time."),
    ),
    Check(
        "clock",
        gettext_lazy("Clocks"),
        database_clock,
        gettext_lazy("Set this machine and that of the database by one time server."),
    ),
    Check(
        "outbox",
        gettext_lazy("Events"),
        outbox,
        gettext_lazy("See that a worker runs and look at the failed jobs; then add workers."),
    ),
    Check(
        "static files",
        gettext_lazy("Static files"),
        static_files,
        gettext_lazy("Run manage.py collectstatic, then start the web processes again."),
    ),
)
