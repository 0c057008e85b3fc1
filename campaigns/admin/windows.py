"""The fields for the days and hours of a campaign or code."""

from typing import Any

from django import forms
from django.utils.formats import get_format
from django.utils.translation import gettext_lazy as _

from loyalty_project.core.admin import fields

DAYS = [
    ("1", _("Monday")),
    ("2", _("Tuesday")),
    ("3", _("Wednesday")),
    ("4", _("Thursday")),
    ("5", _("Friday")),
    ("6", _("Saturday")),
    ("0", _("Sunday")),
]
NAMES = ("weekdays", "hours_from", "hours_to")


def week() -> list[tuple[str, Any]]:
    """From the first day of the week where the language is spoken."""
    first = int(get_format("FIRST_DAY_OF_WEEK"))
    return sorted(DAYS, key=lambda day: (int(day[0]) - first) % 7)


class HourField(forms.TimeField):
    """Whole minutes, by the browser's own picker."""

    widget = forms.TimeInput(attrs={"type": "time", "dir": "ltr"}, format="%H:%M")

    def to_python(self, value: Any) -> Any:
        return super().to_python(fields.ascii_digits(value) if isinstance(value, str) else value)


class WindowForm(forms.ModelForm):
    """Days and one span of hours; what the API set beyond that is left alone."""

    weekdays = fields.MultipleField(
        label=_("only on"), choices=DAYS, help_text=_("None: every day. The project's time zone.")
    )
    hours_from = HourField(
        label=_("from"), required=False, help_text=_("The project's clock. Empty: midnight.")
    )
    hours_to = HourField(
        label=_("until"),
        required=False,
        help_text=_("The project's clock. Empty: the end of the day."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = self.fields["weekdays"]
        if isinstance(days, forms.ChoiceField):
            days.choices = week()

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        start, end = (self.cleaned_data.get(name) for name in ("starts_at", "expires_at"))
        if start is not None and end is not None and end <= start:
            self.add_error("expires_at", _("It must end after it starts."))
        return cleaned

    def read_window(self, row: Any) -> None:
        daily = (row.validity_hours or {}).get("daily") or []
        if row.validity_timeframe or len(daily) > 1:
            for name in NAMES:
                field = self.fields[name]
                field.widget, field.disabled = forms.HiddenInput(), True
            return
        hours = daily[0] if daily else {}
        days = hours.get("days_of_week") if daily else row.validity_day_of_week
        self.initial["weekdays"] = [str(day) for day in days or []]
        self.initial["hours_from"] = hours.get("start_time")
        self.initial["hours_to"] = hours.get("expiration_time")

    def window(self) -> dict[str, Any]:
        """The published members; none where the fields are not shown."""
        if self.fields["weekdays"].disabled:
            return {}
        days = sorted(int(day) for day in self.cleaned_data.get("weekdays") or [])
        start, end = self.cleaned_data.get("hours_from"), self.cleaned_data.get("hours_to")
        if start is None and end is None:
            return {"validity_day_of_week": days or None, "validity_hours": None}
        hours: dict[str, Any] = {"start_time": f"{start:%H:%M}" if start else "00:00"}
        if end is not None:
            hours["expiration_time"] = f"{end:%H:%M}"
        if days:
            hours["days_of_week"] = days
        return {"validity_day_of_week": None, "validity_hours": {"daily": [hours]}}
