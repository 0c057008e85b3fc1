"""Dates and recurrence of campaigns, codes and tiers."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time
from typing import Any

from campaigns.engine import redeemable as engine
from campaigns.models import Campaign, Category, PromotionTier, Voucher
from loyalty_project.core import durations


def campaign(row: Campaign, *, with_end: bool = True) -> engine.Campaign:
    return engine.Campaign(
        id=row.public_id,
        name=row.name,
        type=row.campaign_type,
        active=row.active,
        validity=_with_holidays(row, validity(row, with_end=with_end)),
        rollout_percent=row.rollout_percent,
    )


def category(row: Category) -> engine.Category:
    return engine.Category(id=row.public_id, name=row.name, hierarchy=row.hierarchy)


def validity(row: Campaign | Voucher | PromotionTier, *, with_end: bool = True) -> engine.Validity:
    frame = row.validity_timeframe
    return engine.Validity(
        starts_at=row.starts_at,
        ends_at=row.expires_at if with_end else None,
        timeframe=_timeframe(frame) if frame else None,
        days_of_week=frozenset(row.validity_day_of_week or ()),
        daily_hours=tuple(_hours(entry) for entry in (row.validity_hours or {}).get("daily", ())),
    )


def _with_holidays(row: Campaign, found: engine.Validity) -> engine.Validity:
    calendar = row.holiday_calendar
    if calendar is None:
        return found
    days = frozenset(date.fromisoformat(day["date"]) for day in calendar.days)
    return replace(found, holidays=days, holiday_mode=engine.HolidayMode(row.holiday_mode))


def _timeframe(frame: Mapping[str, Any]) -> engine.Timeframe:
    return engine.Timeframe(
        interval=durations.parse(frame["interval"]), duration=durations.parse(frame["duration"])
    )


def _hours(entry: Mapping[str, Any]) -> engine.DailyHours:
    end = entry.get("expiration_time")
    return engine.DailyHours(
        days_of_week=frozenset(entry.get("days_of_week") or ()),
        start=time.fromisoformat(entry.get("start_time") or "00:00"),
        expiration=time.fromisoformat(end) if end else None,
    )
