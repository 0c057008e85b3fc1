"""The page "Calendar": what runs when, as bars of a month, on a phone as a list of days."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from campaigns.admin.tiers import TONES, WORDS
from campaigns.models import Campaign, PromotionTier
from campaigns.queries import timeline
from loyalty_project.core import access, calendars, clock, tenancy
from loyalty_project.core.admin import display, moments

STATES = ("on", "later", "ended", "off")
SHOWN = 8
YEARS = range(1900, 2200)


@dataclass(frozen=True, slots=True)
class Bar:
    """A run on whole days of the project's clock; `first` and `last` may lie outside the month."""

    run: timeline.Run
    state: str
    first: date | None
    last: date | None
    zone: ZoneInfo

    @property
    def name(self) -> str:
        if isinstance(self.run.row, PromotionTier):
            return f"{self.run.row.campaign} · {self.run.row}"
        return str(self.run.row)

    @property
    def url(self) -> str:
        return display.url_of(self.run.row)

    @property
    def tone(self) -> str:
        return TONES[self.state][0]

    @property
    def icon(self) -> str:
        return TONES[self.state][1]

    @property
    def word(self) -> Any:
        return WORDS[self.state]

    @property
    def begins(self) -> str:
        """The hour at which it starts, empty where that is midnight."""
        return _hour(self.run.starts_at, self.zone)

    @property
    def stops(self) -> str:
        return _hour(self.run.ends_at, self.zone)

    @property
    def dates(self) -> str:
        """`1 Mar 2026 09:00 – 4 Mar 2026`, the days in which it runs."""
        start = " ".join(filter(None, [_day(self.first), self.begins]))
        end = " ".join(filter(None, [_day(self.last), self.stops]))
        if start and end:
            return _("%(start)s – %(end)s") % {"start": start, "end": end}
        if start:
            return _("from %(start)s on") % {"start": start}
        return _("until %(end)s") % {"end": end} if end else _("without dates")

    def covers(self, day: date) -> bool:
        started = self.first is None or self.first <= day
        return started and (self.last is None or day <= self.last)


def calendar_view(request: HttpRequest) -> HttpResponseBase:
    """The month that holds `?day=2026-03-01`, else the current one."""
    project = tenancy.active_project()
    if project is None or not access.can(request.user, "view", Campaign):
        raise PermissionDenied
    at, zone = clock.now(), ZoneInfo(project.timezone)
    today = at.astimezone(zone).date()
    month = calendars.month_of(_asked(request, today), jalali=moments.is_jalali())
    runs, many = _bars(request, month, at, zone)
    always = [bar for bar in runs if _throughout(bar, month)]
    bars = [bar for bar in runs if not _throughout(bar, month)]
    holidays = timeline.holidays(month.weeks[0][0], month.weeks[-1][-1] + timedelta(days=1))
    context = {
        **admin.site.each_context(request),
        "title": _("Calendar"),
        "month": month,
        "zone": zone.key,
        "weekdays": [WEEKDAYS_ABBR[day.weekday()] for day in month.weeks[0]],
        "weeks": [_week(days, month, bars, holidays, today) for days in month.weeks],
        "always": always,
        "agenda": _agenda(month, bars, holidays, today),
        "none": not runs,
        "legend": [display.badge_of(key, TONES, WORDS[key]) for key in STATES],
        "before": _address(month.first - timedelta(days=1)),
        "after": _address(month.end),
        "now": _address(today),
        "many": many,
        "most": timeline.MOST,
        "is_now": month.first <= today < month.end,
    }
    return TemplateResponse(request, "admin/campaigns/calendar.html", context)


def _asked(request: HttpRequest, today: date) -> date:
    try:
        found = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return today
    return found if found.year in YEARS else today


def _address(day: date) -> str:
    return f"{reverse('admin:campaigns_campaign_calendar')}?day={day.isoformat()}"


def _bars(
    request: HttpRequest, month: calendars.Month, at: datetime, zone: ZoneInfo
) -> tuple[list[Bar], bool]:
    """And whether some were left out."""
    first, end = (
        datetime.combine(day, time(), tzinfo=zone)
        for day in (month.weeks[0][0], month.weeks[-1][-1] + timedelta(days=1))
    )
    found = [timeline.of_campaigns(first, end)]
    if access.can(request.user, "view", PromotionTier):
        found.append(timeline.of_tiers(first, end))
    bars = [_bar(run, at, zone) for runs in found for run in runs[: timeline.MOST]]
    many = any(len(runs) > timeline.MOST for runs in found)
    return sorted(bars, key=lambda bar: (bar.first or date.min, bar.name)), many


def _bar(run: timeline.Run, at: datetime, zone: ZoneInfo) -> Bar:
    last = run.ends_at and moments.local_of(run.ends_at - timedelta(microseconds=1), zone).date()
    first = run.starts_at and moments.local_of(run.starts_at, zone).date()
    return Bar(run, run.state(at), first, last, zone)


def _throughout(bar: Bar, month: calendars.Month) -> bool:
    """Named once above the weeks, because nothing changes about it."""
    begun = bar.first is None or bar.first < month.first
    return begun and (bar.last is None or bar.last >= month.end)


def _week(
    days: list[date],
    month: calendars.Month,
    bars: list[Bar],
    holidays: dict[date, list[str]],
    today: date,
) -> dict[str, Any]:
    pieces = [_piece(bar, days) for bar in bars if any(bar.covers(day) for day in days)]
    return {
        "days": [_cell(day, month, holidays, today) for day in days],
        "pieces": pieces[:SHOWN],
        "more": pieces[SHOWN:],
    }


def _piece(bar: Bar, days: list[date]) -> dict[str, Any]:
    """Where the bar lies in the week: column and width from 1 to 7, and whether it goes on."""
    covered = [number for number, day in enumerate(days, start=1) if bar.covers(day)]
    return {
        "bar": bar,
        "column": covered[0],
        "width": len(covered),
        "begins": days[covered[0] - 1] == bar.first,
        "ends": days[covered[-1] - 1] == bar.last,
    }


def _cell(
    day: date, month: calendars.Month, holidays: dict[date, list[str]], today: date
) -> dict[str, Any]:
    return {
        "iso": day.isoformat(),
        "number": calendars.day_of_month(day, jalali=month.jalali),
        "name": moments.day(day),
        "outside": not month.first <= day < month.end,
        "today": day == today,
        "holidays": holidays.get(day, []),
    }


def _agenda(
    month: calendars.Month, bars: list[Bar], holidays: dict[date, list[str]], today: date
) -> list[dict[str, Any]]:
    """Days on which something begins or ends, holidays and today."""
    found = []
    for number in range((month.end - month.first).days):
        day = month.first + timedelta(days=number)
        starts = [bar for bar in bars if bar.first == day]
        ends = [bar for bar in bars if bar.last == day]
        if starts or ends or day in holidays or day == today:
            cell = _cell(day, month, holidays, today)
            weekday = WEEKDAYS_ABBR[day.weekday()]
            found.append({**cell, "weekday": weekday, "starts": starts, "ends": ends})
    return found


def _hour(at: datetime | None, zone: ZoneInfo) -> str:
    local = moments.local_of(at, zone).time() if at is not None else time()
    return "" if local == time() else f"{local:%H:%M}"


def _day(day: date | None) -> str:
    return moments.day(day) if day is not None else ""
