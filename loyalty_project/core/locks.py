"""What a wait for a lock ends in when it was in vain, and how long all waits may take together."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import psycopg
from django.conf import settings
from django.db import OperationalError
from django.utils.translation import gettext_lazy as _

from loyalty_project.core.errors import Busy

RETRY_AFTER_SECONDS = 1
_IN_VAIN = (
    psycopg.errors.LockNotAvailable,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.QueryCanceled,
)


@dataclass(slots=True)
class _Patience:
    """Seconds that may still be spent in statements that wait."""

    left: float


_patience: ContextVar[_Patience | None] = ContextVar("patience", default=None)


class Crossed(Busy):
    """Two waited for each other, and this one gave way; it may try again at once."""


@contextmanager
def waiting() -> Iterator[None]:
    """Raise Busy for a lock that was not had within the lock timeout, Crossed for a deadlock.

    The transaction around it must be rolled back.
    """
    try:
        yield
    except OperationalError as error:
        if isinstance(error.__cause__, _IN_VAIN):
            crossed = isinstance(error.__cause__, psycopg.errors.DeadlockDetected)
            raise _busy(Crossed if crossed else Busy) from error
        raise


@contextmanager
def patience() -> Iterator[None]:
    """All guarded statements of the block together take one lock timeout at most.

    PostgreSQL counts a lock timeout anew in the queue for a row and at its head.
    """
    if _patience.get() is not None:
        yield
        return
    before = _patience.set(_Patience(settings.LOCK_TIMEOUT_MS / 1000))
    try:
        yield
    finally:
        _patience.reset(before)


@contextmanager
def spending() -> Iterator[int | None]:
    """What is left of the patience, in milliseconds; the time in the block comes off it.

    None where nobody asked for patience. Raises Busy where it is over.
    """
    mine = _patience.get()
    if mine is None:
        yield None
        return
    left = int(mine.left * 1000)
    if left < 1:
        raise _busy()
    began = time.monotonic()
    try:
        yield left
    finally:
        mine.left -= time.monotonic() - began


def _busy(kind: type[Busy] = Busy) -> Busy:
    return kind(
        extra={"retry_after": RETRY_AFTER_SECONDS},
        explanation=_("The same thing is being changed right now. Try again in a moment."),
    )
