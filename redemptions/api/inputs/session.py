"""The published `session`: for whom and how long something is held."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from loyalty_project.core.api import inputs
from loyalty_project.core.errors import Invalid
from loyalty_project.core.models import new_id
from redemptions.usage import Session

UNITS: Mapping[str, float] = {
    "DAYS": 86_400.0,
    "HOURS": 3_600.0,
    "MINUTES": 60.0,
    "SECONDS": 1.0,
    "MILLISECONDS": 1e-3,
    "MICROSECONDS": 1e-6,
    "NANOSECONDS": 1e-9,
}
LONGEST = timedelta(days=366)
# What a browser asks for may be asked by anybody.
LONGEST_OF_BROWSERS = timedelta(days=7)


class SessionInput(inputs.Input):
    """Without a key a new session begins; without a time it holds for seven days."""

    type = inputs.OneOf(["LOCK"], required=False)
    key = inputs.Text(required=False, max_length=255)
    ttl = inputs.Number(required=False, min_value=0)
    ttl_unit = inputs.OneOf(list(UNITS), required=False)


def session_of(given: Mapping[str, Any] | None, *, trusted: bool) -> Session | None:
    """The session of a checked payload. Raises Invalid for a time that is none or too long."""
    if given is None:
        return None
    key = given.get("key")
    session = Session(key or new_id("ssn_"), is_new=not key)
    if "ttl" not in given:
        return session
    ttl, unit = given["ttl"], given.get("ttl_unit") or session.ttl_unit
    longest = LONGEST if trusted else LONGEST_OF_BROWSERS
    seconds = ttl * UNITS[unit]
    if ttl <= 0:
        raise Invalid("Property .session.ttl must be > 0")
    if seconds > longest.total_seconds():
        raise Invalid(f"Property .session.ttl must be <= {longest.days} days")
    return replace(session, lifetime=timedelta(seconds=seconds), ttl=ttl, ttl_unit=unit)
