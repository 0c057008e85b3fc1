"""SIGKILL for one process of a running installation at a time, and how long that is felt."""

import os
import signal
import subprocess
import time
from dataclasses import dataclass

import psycopg
from django.conf import settings

from loyalty_project.core.embedded import keeper

KINDS = ("web worker", "celery worker", "broker", "postmaster", "database backend")
LONGEST_SECONDS = 60
_QUIET_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Kill:
    """`database` is when it took connections again, `answers` when the clients had answers again.

    Both are seconds after the kill; `answers` is 0 if nobody saw an error, None if they never had.
    """

    kind: str
    database: float | None
    answers: float | None


class Killer:
    """`kill(kind)`, and wait until the clients are served again."""

    def __init__(self, installation, seen, rng):
        self.installation, self.seen, self.rng = installation, seen, rng

    def kill(self, kind):
        """The Kill, or None where there was nothing of this kind just now."""
        pid = self._victim(kind)
        if pid is None:
            return None
        at = time.monotonic()
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return None
        back = _database_back(at) if kind in {"postmaster", "database backend"} else None
        return Kill(kind, back, self._answered(at))

    def _victim(self, kind):
        if kind == "database backend":
            return _backend(self.rng)
        if kind == "postmaster":
            files = (self.installation.data_dir / "pg").glob("*/postmaster.pid")
            return next((keeper.postmaster_of(file.parent) for file in files), None)
        running = self.installation.running()
        if kind == "broker":
            return running.get("broker")
        if kind == "celery worker":
            main = running.get("worker")
            return main and self.rng.choice([main, *_children(main)])
        workers = _children(running.get("web"))
        return self.rng.choice(workers) if workers else None

    def _answered(self, at):
        """Seconds from the kill to the first answer after the last error that followed it."""
        while time.monotonic() < at + LONGEST_SECONDS:
            time.sleep(0.1)
            now, (error, good) = time.monotonic(), self._state()
            if now - max(at, error) > _QUIET_SECONDS and good is not None:
                return round(good - at, 2) if error > at else 0.0
        return None

    def _state(self):
        with self.seen.lock:
            return self.seen.last_error, self.seen.good_since


def _children(pid):
    if pid is None:
        return []
    told = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in told.stdout.split()]


def connect():
    """A connection of our own to the database of the installation."""
    known = settings.DATABASES["default"]
    return psycopg.connect(
        host=known["HOST"] or None,
        port=known["PORT"] or None,
        user=known["USER"],
        dbname=known["NAME"],
        connect_timeout=5,
        autocommit=True,
    )


def _backend(rng):
    try:
        with connect() as connection:
            rows = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                " AND application_name = 'web' AND pid <> pg_backend_pid()"
            ).fetchall()
    except psycopg.OperationalError:
        return None
    return rng.choice(rows)[0] if rows else None


def _database_back(at):
    # The postmaster takes a moment to see that one of its own is dead.
    time.sleep(0.2)
    while time.monotonic() < at + LONGEST_SECONDS:
        try:
            connect().close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return round(time.monotonic() - at, 2)
    return None
