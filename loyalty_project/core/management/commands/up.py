"""`manage.py up`: everything that Wafa needs, started, watched and stopped together."""

import contextlib
import io
import os
import signal
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command, get_commands
from django.db import connections

from loyalty_project.core.embedded import Unavailable, postgres
from loyalty_project.core.management import demo, lock, schema, services, static_files


class Command(BaseCommand):
    """Start database, broker, web, worker and beat; Ctrl-C stops them."""

    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--with-parent",
            action="store_true",
            help="stop when the process that started this one is gone",
        )
        parser.add_argument(
            "--no-demo", action="store_true", help="leave an empty installation empty"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self._one_line = Lock()
        host, port = os.environ.get("HOST") or "127.0.0.1", _port()
        url = os.environ.setdefault("SITE_URL", f"http://{_shown(host)}:{port}")
        # This serves plain HTTP; who puts a proxy with TLS before it says so.
        os.environ.setdefault("SECURE", "false")
        if not settings.EMBEDDED:
            os.environ.setdefault("ALLOWED_HOSTS", f"localhost,127.0.0.1,[::1],{_shown(host)}")
        data_dir = Path(settings.DATA_DIR)
        parent = os.getppid() if options["with_parent"] else None
        running = f"Wafa runs already at {url} (process {os.getpid()})."
        with self._told_of_failure(), _signals_as_interrupts(), lock.alone(data_dir, note=running):
            self._claim_port(data_dir, host, port)
            with _database(data_dir) as database:
                self._prepare(data_dir, with_demo=not options["no_demo"])
                everything = services.Services(
                    data_dir=data_dir,
                    host=host,
                    port=port,
                    database=database,
                    own_broker=not os.environ.get("CELERY_BROKER_URL"),
                    say=self._say,
                )
                try:
                    everything.start()
                    self._welcome(url, data_dir)
                    _watch(everything, parent)
                finally:
                    self._say("Stopping …")
                    everything.stop()
        self._say("Stopped.")

    def _claim_port(self, data_dir: Path, host: str, port: int) -> None:
        # Workers of a killed web server notice within a second or two.
        patience = 5.0 if services.clear_left_over(data_dir) else 0.0
        give_up = time.monotonic() + patience
        while reason := services.why_not_listen(host, port):
            if time.monotonic() >= give_up:
                raise CommandError(reason)
            time.sleep(0.2)

    def _prepare(self, data_dir: Path, *, with_demo: bool) -> None:
        if schema.is_of_other_initials():
            message = (
                "The tables were made by other initial migrations than these."
                " `make demo-reset` empties the database and loads the demo again."
            )
            raise CommandError(message)
        self._say("Preparing the database …")
        call_command("migrate", verbosity=0)
        schema.note()
        if "sync_roles" in get_commands():
            call_command("sync_roles", stdout=io.StringIO())
        static_files.collect()
        if with_demo and demo.is_wanted():
            self._say("Loading the demo, about a minute …")
            demo.seed(data_dir)
        # The children have connections of their own.
        connections.close_all()

    def _welcome(self, url: str, data_dir: Path) -> None:
        shown = demo.lines(demo.access(data_dir))
        self._say("\n".join(["", f"Wafa runs at {url}/admin/", "", *shown, "", "Ctrl-C stops it."]))

    def _say(self, text: str) -> None:
        with self._one_line, contextlib.suppress(BrokenPipeError):
            self.stdout.write(text)
            self.stdout.flush()

    @contextlib.contextmanager
    def _told_of_failure(self) -> Iterator[None]:
        try:
            yield
        except KeyboardInterrupt:
            pass
        except Unavailable as error:
            raise CommandError(str(error)) from error


def _watch(everything: services.Services, parent: int | None) -> None:
    while parent is None or os.getppid() == parent:
        everything.watch()
        time.sleep(0.2)


@contextlib.contextmanager
def _signals_as_interrupts() -> Iterator[None]:
    def interrupt(_number: int, _frame: object) -> None:
        # One is enough: what follows is an orderly end.
        for known in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(known, signal.SIG_IGN)
        raise KeyboardInterrupt

    for known in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(known, interrupt)
    yield


@contextlib.contextmanager
def _database(data_dir: Path) -> Iterator[postgres.Use | None]:
    if not settings.EMBEDDED:
        yield None
        return
    use = postgres.join(data_dir)
    try:
        yield use
    finally:
        connections.close_all()
        use.release()


def _port() -> int:
    wish = os.environ.get("PORT") or "8000"
    if not wish.isdigit() or not 0 < int(wish) < 65536:
        message = f"PORT must be a number from 1 to 65535, not {wish!r}."
        raise CommandError(message)
    return int(wish)


def _shown(host: str) -> str:
    host = "localhost" if host in {"0.0.0.0", "::"} else host
    return f"[{host}]" if ":" in host else host
