"""What a wait for a lock ends in when it was in vain."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import OperationalError
from django.utils.translation import gettext_lazy as _

from loyalty_project.core.errors import Busy

RETRY_AFTER_SECONDS = 1
_IN_VAIN = (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected)


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
            raise (Crossed if crossed else Busy)(
                extra={"retry_after": RETRY_AFTER_SECONDS},
                explanation=_("The same thing is being changed right now. Try again in a moment."),
            ) from error
        raise
