"""Wake a worker after commit. A broker that is down costs at most 0.2 s and loses nothing."""

import contextlib
import threading
import time
from collections.abc import Iterator
from contextvars import ContextVar

import kombu.exceptions
import structlog
from celery import current_app

log = structlog.get_logger(__name__)
_INTERVAL_SECONDS = 0.25
_next: dict[str, float] = {}
_lock = threading.Lock()
_nobody = ContextVar("nobody_to_wake", default=False)


@contextlib.contextmanager
def nobody_to_wake() -> Iterator[None]:
    """Offer nothing inside: no worker runs yet, and beat finds what is due once it does."""
    token = _nobody.set(True)
    try:
        yield
    finally:
        _nobody.reset(token)


def wake_workers() -> None:
    """Offer work at most once per process and 250 ms; beat offers the rest."""
    _offer("core.work")


def wake_sender() -> None:
    """Offer webhooks that are due, as seldom."""
    _offer("core.send_webhooks")


def _offer(task: str) -> None:
    if _nobody.get():
        return
    now = time.monotonic()
    with _lock:
        if now < _next.get(task, 0.0):
            return
        _next[task] = now + _INTERVAL_SECONDS
    try:
        current_app.send_task(task, retry=False, ignore_result=True)
    except (kombu.exceptions.OperationalError, OSError) as error:
        log.warning("wakeup_failed", error=type(error).__name__)
