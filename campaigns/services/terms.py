"""The terms of a campaign, code or tier: dates, recurrence, limit, as published, onto the row."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from itertools import pairwise
from typing import Any

from campaigns.models import Campaign, PromotionTier, Voucher
from loyalty_project.core import durations, reading
from loyalty_project.core.errors import Invalid

_DATES = {"start_date": "starts_at", "expiration_date": "expires_at"}
RECURRENCE = ("validity_timeframe", "validity_day_of_week", "validity_hours")
_VALIDITY = (*_DATES, *RECURRENCE)
_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?", re.ASCII)
MAX_LIMIT = 2**31 - 1
Dated = Campaign | Voucher | PromotionTier


def set_validity(*, row: Dated, data: Mapping[str, Any]) -> bool:
    """Set dates and recurrence that are given; whether anything changed.

    `start_date` and `expiration_date` are aware datetimes, texts in ISO 8601 or None. Raises
    Invalid, and leaves the row half-set then.
    """
    if not any(name in data for name in _VALIDITY):
        return False
    before = _validity_of(row)
    for name, field in _DATES.items():
        if name in data:
            setattr(row, field, moment(value=data[name], name=name))
    for name in RECURRENCE:
        if name in data:
            setattr(row, name, data[name] or None)
    _check_validity(row)
    return before != _validity_of(row)


def moment(*, value: Any, name: str) -> datetime | None:
    """An aware instant; a text without a zone is in UTC, a day is its midnight."""
    if value is None or isinstance(value, datetime):
        return value
    try:
        found = datetime.fromisoformat(str(value).strip())
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise reading.wrong(name, 'must match format "date-time"') from None


def limit_of(*, data: Mapping[str, Any]) -> int | None:
    """`redemption.quantity`: how often a code can be used, None without limit."""
    quantity = (data.get("redemption") or {}).get("quantity")
    if quantity is None:
        return None
    if isinstance(quantity, bool) or not isinstance(quantity, int) or quantity < 0:
        raise Invalid("Property .redemption.quantity should be number,null")
    if quantity > MAX_LIMIT:
        raise Invalid(f"Property .redemption.quantity must be <= {MAX_LIMIT}")
    return quantity


def gives_limit(*, data: Mapping[str, Any]) -> bool:
    return "quantity" in (data.get("redemption") or {})


def check_duration(*, name: str, text: Any) -> None:
    """Raises Invalid for what is no duration, or one of more than 100 years."""
    try:
        durations.bounded(text if isinstance(text, str) else "")
    except durations.TooLong:
        raise Invalid(
            f"Property .{name} must NOT be longer than {durations.YEARS_MAX} years",
            extra={"field": name},
        ) from None
    except durations.InvalidDuration:
        raise Invalid(
            f"Property .{name} must be an ISO 8601 duration such as P14D",
            extra={"field": name},
        ) from None


def _validity_of(row: Dated) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in (*_DATES.values(), *RECURRENCE))


def _check_validity(row: Dated) -> None:
    if row.starts_at and row.expires_at and row.expires_at <= row.starts_at:
        raise Invalid(
            "Property .expiration_date must be later than .start_date",
            extra={"field": "expires_at"},
        )
    if row.validity_timeframe is not None:
        _check_timeframe(row)
    if row.validity_day_of_week is not None:
        _check_days("validity_day_of_week", row.validity_day_of_week)
    if row.validity_hours is not None:
        if row.validity_timeframe is not None or row.validity_day_of_week is not None:
            raise Invalid(
                "Property .validity_hours cannot be combined with .validity_timeframe or"
                " .validity_day_of_week"
            )
        _check_hours(row.validity_hours)


def _check_timeframe(row: Dated) -> None:
    frame = row.validity_timeframe
    if not isinstance(frame, Mapping):
        raise Invalid("Property .validity_timeframe must be object")
    for name in ("interval", "duration"):
        check_duration(name=f"validity_timeframe.{name}", text=frame.get(name))
    campaign = getattr(row, "campaign", None)
    if row.starts_at is None and (campaign is None or campaign.starts_at is None):
        raise Invalid("Property .start_date is required with .validity_timeframe")


def _check_days(name: str, days: Any) -> None:
    if not isinstance(days, Sequence) or isinstance(days, str):
        raise Invalid(f"Property .{name} must be array")
    for index, day in enumerate(days):
        if isinstance(day, bool) or not isinstance(day, int) or not 0 <= day <= 6:
            raise Invalid(f"Property .{name}[{index}] must be equal to one of the allowed values")
    if len(set(days)) != len(days):
        raise Invalid(f"Property .{name} must NOT have duplicate items")


def _check_hours(hours: Any) -> None:
    daily = hours.get("daily") if isinstance(hours, Mapping) else None
    if not isinstance(daily, list) or not daily:
        raise Invalid("Property .validity_hours should have required property 'daily'")
    spans: dict[int, list[tuple[time, time]]] = {}
    for index, entry in enumerate(daily):
        path = f"validity_hours.daily[{index}]"
        if not isinstance(entry, Mapping):
            raise Invalid(f"Property .{path} must be object")
        days = entry.get("days_of_week") or list(range(7))
        _check_days(f"{path}.days_of_week", days)
        start = _clock(f"{path}.start_time", entry.get("start_time"), default=time(0))
        end = _clock(f"{path}.expiration_time", entry.get("expiration_time"), default=time.max)
        for day in days:
            if start < end:
                spans.setdefault(day, []).append((start, end))
                continue
            # Hours that run past midnight end on the next day.
            spans.setdefault(day, []).append((start, time.max))
            spans.setdefault((day + 1) % 7, []).append((time(0), end))
    for of_day in spans.values():
        for (_, end), (start, _) in pairwise(sorted(of_day)):
            if start < end:
                raise Invalid("Property .validity_hours.daily must not overlap")


def _clock(path: str, value: Any, *, default: time) -> time:
    if value is None:
        return default
    if not isinstance(value, str) or not _CLOCK.fullmatch(value):
        raise Invalid(f'Property .{path} must match format "HH:mm"')
    return time.fromisoformat(value)
