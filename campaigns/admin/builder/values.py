"""Values of conditions: as rules hold them, and as people type them."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.admin.builder import drafts
from campaigns.admin.builder.facts import Editor
from loyalty_project.core import money, wire
from loyalty_project.core.admin import currency, fields, moments
from loyalty_project.core.errors import Invalid
from loyalty_project.core.predicates import values

DAYS = tuple("0123456")


class NotShown(Exception):
    """A value that the editor cannot show; its row is kept as it is."""


def opened(editor: Editor, raw: Any) -> Any:
    """What stands in the editor for a value of a rule. Raises NotShown."""
    return _OPENERS[editor](raw)


def closed(editor: Editor, typed: Any) -> Any:
    """The value of a rule for what was typed. Raises ValidationError."""
    return _CLOSERS[editor](typed)


def _open_text(raw: Any) -> str:
    if not isinstance(raw, str) or not raw:
        raise NotShown
    return raw


def _open_number(raw: Any) -> str:
    if values.number(raw) is None:
        raise NotShown
    return str(raw)


def _open_money(raw: Any) -> str:
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise NotShown
    return str(money.to_major(raw, currency.current().exponent))


def _open_count(raw: Any) -> str:
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise NotShown
    return str(raw)


def _open_switch(raw: Any) -> str:
    if not isinstance(raw, bool):
        raise NotShown
    return "true" if raw else "false"


def _open_day(raw: Any) -> str:
    found = values.read_date(raw) if isinstance(raw, str) else None
    if found is None or isinstance(found, datetime) or found.isoformat() != raw:
        raise NotShown
    return _typed_day(found)


def _open_moment(raw: Any) -> str:
    found = values.read_date(raw) if isinstance(raw, str) else None
    if not isinstance(found, datetime) or found.microsecond:
        raise NotShown
    local = values.local_of(found, timezone.get_current_timezone())
    if local is None:
        raise NotShown
    if moments.is_jalali():
        return moments.to_jalali(local)
    return local.strftime("%Y-%m-%dT%H:%M:%S")


def _open_weekday(raw: Any) -> str:
    if isinstance(raw, bool) or str(raw) not in DAYS:
        raise NotShown
    return str(raw)


def _open_hours(raw: Any) -> dict[str, Any]:
    parts = raw.split(";") if isinstance(raw, str) else []
    if len(parts) != 3:
        raise NotShown
    begin, end, days = (part.strip() for part in parts)
    return {"from": begin, "until": end, "days": [day for day in days.split(",") if day]}


def _open_span(raw: Any) -> dict[str, str]:
    parts = raw.split(";") if isinstance(raw, str) else []
    if len(parts) != 2:
        raise NotShown
    return {"from": _open_moment(parts[0].strip()), "until": _open_moment(parts[1].strip())}


def _open_entry(raw: Any) -> Any:
    if not isinstance(raw, str | Mapping) or not raw:
        raise NotShown
    return raw


def _required(typed: Any) -> str:
    text = typed.strip() if isinstance(typed, str) else ""
    if not text:
        raise ValidationError(_("Enter a value."), code="required")
    return text


def _close_number(typed: Any) -> int | float:
    text = fields.plain_number(_required(typed))
    try:
        money.to_minor(text, 9)
    except Invalid:
        raise ValidationError(_("Enter a number, such as 12.5."), code="invalid") from None
    return float(text) if "." in text else int(text)


def _close_money(typed: Any) -> int:
    digits = currency.current().exponent
    try:
        return money.to_minor(fields.plain_number(_required(typed)), digits)
    except Invalid:
        message = _("Enter a number with at most %(digits)s decimals, such as 1250.5.")
        raise ValidationError(message % {"digits": digits}, code="invalid") from None


def _close_count(typed: Any) -> int:
    text = fields.ascii_digits(_required(typed))
    if not text.isdigit() or len(text) > 6:
        raise ValidationError(_("Enter a whole number, 0 or more."), code="invalid")
    return int(text)


def _close_switch(typed: Any) -> bool:
    if typed not in ("true", "false"):
        raise ValidationError(_("Choose yes or no."), code="required")
    return bool(typed == "true")


def _close_day(typed: Any) -> str:
    try:
        return date.fromisoformat(_gregorian(_required(typed))[:10]).isoformat()
    except ValueError:
        raise ValidationError(_("Enter a day of the calendar."), code="invalid") from None


def _close_moment(typed: Any) -> str:
    text = _required(typed)
    try:
        found = datetime.fromisoformat(_gregorian(text).replace(" ", "T"))
        aware = timezone.make_aware(found) if timezone.is_naive(found) else found
        return wire.instant(aware)
    except (ValueError, OverflowError):
        raise ValidationError(_("Enter a day and a time."), code="invalid") from None


def _close_weekday(typed: Any) -> int:
    if typed not in DAYS:
        raise ValidationError(_("Choose a day."), code="required")
    return int(typed)


def _close_hours(typed: Any) -> str:
    given = typed if isinstance(typed, Mapping) else {}
    begin, end = (_clock(given.get(name)) for name in ("from", "until"))
    if begin == end:
        raise ValidationError(_("The two times must differ."), code="invalid")
    days = [day for day in DAYS if day in drafts.listing(given.get("days"))]
    return f"{begin};{end};{','.join(days)}"


def _close_span(typed: Any) -> str:
    given = typed if isinstance(typed, Mapping) else {}
    begin, end = (_close_moment(given.get(name)) for name in ("from", "until"))
    if begin >= end:
        raise ValidationError(_("The end must be later than the start."), code="invalid")
    return f"{begin};{end}"


def _close_entry(typed: Any) -> Any:
    if not isinstance(typed, str | Mapping) or not typed:
        raise ValidationError(_("Choose at least one."), code="required")
    return typed


def _clock(typed: Any) -> str:
    text = fields.ascii_digits(_required(typed))
    try:
        return time.fromisoformat(text).strftime("%H:%M")
    except ValueError:
        raise ValidationError(_("Enter a time, such as 14:00."), code="invalid") from None


def _gregorian(text: str) -> str:
    text = fields.ascii_digits(text)
    return moments.from_jalali(text) if moments.is_jalali() else text


def _typed_day(day: date) -> str:
    if not moments.is_jalali():
        return day.isoformat()
    return moments.to_jalali(datetime.combine(day, time()))[:10]


_OPENERS: dict[Editor, Callable[[Any], Any]] = {
    Editor.TEXT: _open_text,
    Editor.NUMBER: _open_number,
    Editor.PERCENT: _open_number,
    Editor.MONEY: _open_money,
    Editor.COUNT: _open_count,
    Editor.SWITCH: _open_switch,
    Editor.DAY: _open_day,
    Editor.MOMENT: _open_moment,
    Editor.WEEKDAYS: _open_weekday,
    Editor.HOURS: _open_hours,
    Editor.SPAN: _open_span,
    Editor.CHOICE: _open_text,
    Editor.PRODUCTS: _open_entry,
}
_CLOSERS: dict[Editor, Callable[[Any], Any]] = {
    Editor.TEXT: _required,
    Editor.NUMBER: _close_number,
    Editor.PERCENT: _close_number,
    Editor.MONEY: _close_money,
    Editor.COUNT: _close_count,
    Editor.SWITCH: _close_switch,
    Editor.DAY: _close_day,
    Editor.MOMENT: _close_moment,
    Editor.WEEKDAYS: _close_weekday,
    Editor.HOURS: _close_hours,
    Editor.SPAN: _close_span,
    Editor.CHOICE: _required,
    Editor.PRODUCTS: _close_entry,
}
