"""The processes that make up a running installation, and how they are watched."""

import contextlib
import errno
import http.client
import os
import shutil
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

from loyalty_project.core.embedded import Unavailable, broker, processes
from loyalty_project.core.embedded.postgres import Use
from loyalty_project.core.embedded.processes import Child

_READY_WITHIN = 120.0
_END_WITHIN = 15.0
_LOOK_EVERY = 2.0
Say = Callable[[str], None]


class Services:
    """Broker, web, worker and beat over one database, as far as each is ours to run."""

    def __init__(
        self,
        *,
        data_dir: Path,
        host: str,
        port: int,
        database: Use | None,
        own_broker: bool,
        say: Say,
    ) -> None:
        self._data_dir, self._database, self._say = data_dir, database, say
        self._address = (_reachable(host), port)
        self._notes = data_dir / "up.processes"
        self._broker: Child | None = None
        if own_broker:
            self._broker = self._child("broker", broker.command(data_dir))
        self._children = [
            self._child(
                "web",
                _web(host, port),
                DATABASE_POOL="true",
                PROMETHEUS_MULTIPROC_DIR=str(_empty(data_dir / "metrics")),
            ),
            self._child("worker", _celery("worker", "--concurrency=2", "--without-gossip")),
            self._child(
                "beat", _celery("beat", "--schedule", str(data_dir / "beat"), "--pidfile=")
            ),
        ]
        self._look_again = 0.0

    def start(self) -> None:
        """Start everything and wait until the site answers that it is ready."""
        if self._broker:
            if broker.answers(self._data_dir):
                broker.shut_down(self._data_dir)
            self._broker.start()
            self._wait_for("The broker", lambda: broker.answers(self._data_dir), 10)
        # What beat remembers is worth seconds, and a file cut short would stop it.
        for left in self._data_dir.glob("beat*"):
            left.unlink()
        for child in self._children:
            child.start()
        self._wait_for("The site", lambda: is_ready(*self._address), _READY_WITHIN)

    def watch(self) -> None:
        """Start again what has died. Call it often."""
        for child in self._all():
            child.watch()
        if time.monotonic() < self._look_again:
            return
        self._look_again = time.monotonic() + _LOOK_EVERY
        processes.remember(self._notes, self._all())
        if self._database:
            with contextlib.suppress(Unavailable):
                if self._database.ensure():
                    self._say("The database had ended and runs again")

    def stop(self) -> None:
        """End everything: who makes work first, the broker last."""
        until = time.monotonic() + _END_WITHIN
        for child in reversed(self._children):
            child.terminate()
        for child in reversed(self._children):
            child.wait(until)
        if self._broker:
            self._broker.terminate()
            self._broker.wait(time.monotonic() + 5)
        self._notes.unlink(missing_ok=True)

    def _all(self) -> list[Child]:
        return [*([self._broker] if self._broker else []), *self._children]

    def _child(self, name: str, command: list[str], **environment: str) -> Child:
        # Logins and address stay in sight: what goes well is not told line by line.
        level = os.environ.get("LOG_LEVEL") or "WARNING"
        environment |= {"WAFA_PROCESS": name, "PYTHONUNBUFFERED": "1", "LOG_LEVEL": level}
        return Child(name, command, environment=environment, say=self._say)

    def _wait_for(self, what: str, holds: Callable[[], bool], seconds: float) -> None:
        give_up = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > give_up:
                message = f"{what} did not get ready within {seconds:.0f} seconds."
                raise Unavailable(message)
            self.watch()
            time.sleep(0.1)


def clear_left_over(data_dir: Path) -> bool:
    """End what a killed run left behind. True if there may have been something."""
    return processes.clear_left_over(data_dir / "up.processes")


def why_not_listen(host: str, port: int) -> str:
    """Why nothing of ours can listen there; empty if it can."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return (
                f"Port {port} is in use by another program. Take another: PORT={port + 1} make run"
            )
        if error.errno == errno.EACCES:
            return f"Port {port} needs more rights. Take another: PORT=8000 make run"
        return f"Nothing can listen on {host}:{port}: {error.strerror or error}"
    return ""


def is_ready(host: str, port: int) -> bool:
    """Whether the site says that it can serve."""
    line = http.client.HTTPConnection(host, port, timeout=5)
    try:
        line.request("GET", "/readyz")
        return line.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def _empty(directory: Path) -> Path:
    """The web processes add up their figures here; those of the last start are gone."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    return directory


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)


def _web(host: str, port: int) -> list[str]:
    shown = f"[{host}]" if ":" in host else host
    scratch = ["--worker-tmp-dir", "/dev/shm"] if os.access("/dev/shm", os.W_OK) else []
    return [
        *(sys.executable, "-m", "gunicorn", "django.core.wsgi:get_wsgi_application()"),
        *("--bind", f"{shown}:{port}", "--worker-class", "gthread"),
        *("--workers", "2", "--threads", "4", "--graceful-timeout", "10", "--timeout", "60"),
        *("--no-control-socket", "--log-level", "warning"),
        *scratch,
    ]


def _celery(*arguments: str) -> list[str]:
    return [
        # Root is fine: messages are JSON, so nobody can make the worker run code.
        *(sys.executable, "-W", "ignore:You're running the worker", "-m", "celery"),
        *("--quiet", "-A", "loyalty_project", *arguments),
    ]
