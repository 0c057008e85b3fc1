"""The time that a condition on a customer's past looks at: `P6M`, with a campaign `P6M;camp_…`."""

import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.admin.builder.drafts import mapping, text
from campaigns.admin.builder.facts import Text
from campaigns.admin.builder.values import NotShown
from loyalty_project.core.admin import fields

EVER, LAST = "", "last"
SPANS: dict[str, Text] = {
    EVER: gettext_lazy("ever"),
    LAST: gettext_lazy("in the last …"),
    "today": gettext_lazy("today"),
    "this_month": gettext_lazy("this month"),
    "this_year": gettext_lazy("this year"),
    "last_month": gettext_lazy("last month"),
    "last_year": gettext_lazy("last year"),
}
UNITS: dict[str, Text] = {
    "D": gettext_lazy("days"),
    "W": gettext_lazy("weeks"),
    "M": gettext_lazy("months"),
    "Y": gettext_lazy("years"),
    "H": gettext_lazy("hours"),
}
_DURATION = re.compile(r"P(T?)([1-9]\d{0,3})([DWMYH])", re.ASCII)


def open_window(given: str) -> dict[str, str]:
    """`{"span", "number", "unit", "campaign"}`. Raises NotShown for a duration of several units."""
    window, _sign, campaign = given.partition(";")
    shown = {"number": "", "unit": "M", "campaign": campaign}
    if window in SPANS and window != LAST:
        return {"span": window, **shown}
    found = _DURATION.fullmatch(window)
    if found is None or (found[1] == "T") is not (found[3] == "H"):
        raise NotShown
    return {"span": LAST, **shown, "number": found[2], "unit": found[3]}


def close_window(typed: Any, *, of_goods: bool = False) -> str:
    """The property of a rule; `of_goods` needs a product or collection. Raises ValidationError."""
    given = mapping(typed)
    span, campaign = text(given.get("span")), text(given.get("campaign"))
    if span not in SPANS:
        raise ValidationError(_("Choose a time."), code="required")
    if of_goods and not campaign:
        raise ValidationError(_("Choose a product or collection."), code="required")
    window = _duration(given) if span == LAST else span
    return f"{window};{campaign}" if campaign else window


def _duration(given: Mapping[str, Any]) -> str:
    number, unit = fields.ascii_digits(text(given.get("number"))), text(given.get("unit"))
    if not number:
        raise ValidationError(_("Say how many."), code="required")
    if not number.isdigit() or not 0 < int(number) < 10_000 or unit not in UNITS:
        raise ValidationError(_("Enter a whole number from 1 to 9999."), code="invalid")
    return f"P{'T' if unit == 'H' else ''}{int(number)}{unit}"
