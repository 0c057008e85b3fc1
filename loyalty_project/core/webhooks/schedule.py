"""When a failed attempt is made again, and for how long an endpoint may fail. Pure."""

from datetime import datetime, timedelta

# The table of Standard Webhooks: the wait before each attempt, 75 h 35 min in all.
WAITS = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
JITTER = 0.2
LONGEST_REQUEST = timedelta(hours=24)  # of a Retry-After
WARN_AFTER_DAYS = (1, 3)
DISABLE_AFTER = timedelta(days=5)
_LONGEST_REST = timedelta(seconds=60)


def wait(attempts: int, *, roll: float, asked: timedelta | None = None) -> timedelta | None:
    """How long to wait after `attempts` failed ones; None when it was the last.

    `roll` from 0 to 1 spreads it by 20 % either way; `asked` is what the endpoint asked for.
    """
    if attempts >= len(WAITS):
        return None
    planned = WAITS[attempts] * (1 - JITTER + 2 * JITTER * roll)
    return max(planned, min(asked, LONGEST_REQUEST)) if asked is not None else planned


def rest(failures: int) -> timedelta:
    """How long nothing is sent to an endpoint that did not answer `failures` times in a row."""
    return min(timedelta(seconds=2 ** min(failures, 10)), _LONGEST_REST)


def warning(*, since: datetime, at: datetime, warned: int) -> int:
    """The days of failing that people are to be warned of now; 0 for none."""
    passed = [days for days in WARN_AFTER_DAYS if at - since >= timedelta(days=days)]
    return passed[-1] if passed and passed[-1] > warned else 0


def is_over(*, since: datetime, at: datetime) -> bool:
    """Whether an endpoint has failed for so long that it is turned off."""
    return at - since >= DISABLE_AFTER
