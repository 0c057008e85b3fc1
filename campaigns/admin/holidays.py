import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models import HolidayCalendar
from campaigns.services import holidays
from loyalty_project.core import clock
from loyalty_project.core.admin import base, display, moments
from loyalty_project.core.admin.fields import ascii_digits
from loyalty_project.core.admin.forms import ProjectForm

_LINE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[\s,;]+(.*))?", re.ASCII)


class DaysField(forms.Field):
    """A day per line with its name, in the Gregorian or the Jalali calendar."""

    widget = forms.Textarea(attrs={"rows": 12, "dir": "auto", "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "\n".join(f"{_typed(day['date'])} {day['name']}".strip() for day in value)

    def to_python(self, value: Any) -> list[dict[str, str]]:
        found, errors = [], []
        for number, line in enumerate(str(value or "").splitlines(), start=1):
            if not line.strip():
                continue
            try:
                found.append(_day_of(line.strip()))
            except ValueError:
                message = _("Line %(number)s: write the day as 2027-03-21, then its name.")
                errors.append(ValidationError(message, params={"number": number}))
        if errors:
            raise ValidationError(errors)
        _refuse_twice(found)
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return (initial or []) != self.to_python(data)
        except ValidationError:
            return True


class HolidayCalendarForm(ProjectForm):
    days = DaysField(
        required=False,
        label=gettext_lazy("days"),
        help_text=gettext_lazy(
            "One per line: the day as 2027-03-21 and its name. Jalali days such as 1406-01-01 are "
            "understood too. Days follow the project's clock."
        ),
    )

    class Meta(ProjectForm.Meta):
        model = HolidayCalendar
        fields = ["name"]


@admin.register(HolidayCalendar)
class HolidayCalendarAdmin(base.ProjectAdmin):
    icon = "sun"
    form = HolidayCalendarForm
    list_display = ["name", "num_days", display.when("updated_at")]
    search_fields = ["name__istartswith", "public_id__startswith"]
    ordering = ["-created_at", "-pk"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Who only reads has the days in words, below."""
        writes = obj is None or self.has_change_permission(request, obj)
        return ["name", "days"] if writes else ["name"]

    @admin.display(description=gettext_lazy("Days"))
    def num_days(self, obj: HolidayCalendar) -> Any:
        return display.integer(len(obj.days))

    def save_model(self, request: Any, obj: HolidayCalendar, form: Any, change: bool) -> None:
        values = {"project": request.project, "data": form.cleaned_data, "at": clock.now()}
        if change:
            holidays.update(calendar=obj, **values)
        else:
            base.become(obj, holidays.create(**values))

    def delete_model(self, request: Any, obj: HolidayCalendar) -> None:
        holidays.delete(project=request.project, calendar=obj, at=clock.now())

    def delete_queryset(self, request: Any, queryset: QuerySet[HolidayCalendar]) -> None:
        for calendar in queryset:
            self.delete_model(request, calendar)

    def page_panels(self, request: HttpRequest, obj: HolidayCalendar) -> list[tuple[Any, Any]]:
        panels = super().page_panels(request, obj)
        if self.has_change_permission(request, obj):
            return panels
        rows = [(moments.day(date.fromisoformat(day["date"])), day["name"]) for day in obj.days]
        table = display.table([_("Day"), _("Name")], rows) if rows else display.EMPTY
        return [*panels, (_("Days"), table)]


def _day_of(line: str) -> dict[str, str]:
    """Raises ValueError for a line without a day, or with one that there is not."""
    found = _LINE.fullmatch(ascii_digits(line[:10]) + line[10:])
    if found is None:
        raise ValueError(line)
    year, month, day, name = found.groups()
    written = f"{year}-{int(month):02}-{int(day):02}"
    parsed = date.fromisoformat(moments.from_jalali(written))
    if parsed.year not in holidays.YEARS:
        raise ValueError(line)
    return {"date": parsed.isoformat(), "name": (name or "").strip()}


def _typed(text: str) -> str:
    """As the person would write the day."""
    if not moments.is_jalali():
        return text
    midnight = datetime.combine(date.fromisoformat(text), time())
    return moments.to_jalali(midnight)[:10]


def _refuse_twice(days: Sequence[Mapping[str, str]]) -> None:
    seen: set[str] = set()
    for day in days:
        if day["date"] in seen:
            shown = moments.day(date.fromisoformat(day["date"]))
            raise ValidationError(_("%(day)s is there twice."), params={"day": shown})
        seen.add(day["date"])
