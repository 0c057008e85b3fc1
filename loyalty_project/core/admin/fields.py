"""Form fields that speak people's units and store ours."""

import json
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.widgets import Script
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from loyalty_project.core import money, strict_json
from loyalty_project.core.admin import currency, moments
from loyalty_project.core.errors import Invalid
from loyalty_project.core.predicates import values


class UnitInput(forms.TextInput):
    """A number with its unit inside the box."""

    def __init__(self, unit: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.unit = unit

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        attrs = {**(attrs or {}), "inputmode": "decimal", "dir": "ltr", "autocomplete": "off"}
        box = super().render(name, value, attrs, renderer)
        return format_html(
            '<span class="unit-box">{}<span class="unit">{}</span></span>', box, self.unit
        )


def ascii_digits(text: str) -> str:
    signs = (str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text.strip())
    return "".join(signs)


def plain_number(text: str) -> str:
    """Any digits and the separators of fa and ar as a plain decimal: `۱٬۲۵۰٫۵` is `1250.5`."""
    grouped = ascii_digits(text).replace("٫", ".")
    return "".join(sign for sign in grouped if sign not in "٬ \u00a0\u202f_'")


class _Scaled(forms.Field):
    """Integers in the smallest unit, typed in the usual one."""

    digits = 0

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        try:
            amount = money.to_minor(plain_number(str(value)), self.digits)
        except Invalid as error:
            raise ValidationError(self._refusal(), code="invalid") from error
        if amount < 0:
            raise ValidationError(_("Enter zero or more."), code="min_value")
        return amount

    def _refusal(self) -> str:
        return _("Enter a number with at most %(digits)s decimals, such as 1250.5.") % {
            "digits": self.digits
        }

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return initial != self.to_python(data)
        except ValidationError:
            return True


class MoneyField(_Scaled):
    """Minor units of the project's currency, typed in major units. Needs an open scope."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "widget": UnitInput("")})

    def __deepcopy__(self, memo: dict[int, Any]) -> "MoneyField":
        """A form copies its fields when it is made, which is when the project is known."""
        field: MoneyField = super().__deepcopy__(memo)
        look = currency.current()
        field.digits, field.widget.unit = look.exponent, look.code
        return field

    def prepare_value(self, value: Any) -> Any:
        return str(money.to_major(value, self.digits)) if isinstance(value, int) else value


class PercentField(_Scaled):
    """Millionths, typed in percent."""

    digits = 4

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "widget": UnitInput("%")})

    def prepare_value(self, value: Any) -> Any:
        return str(money.to_percent(value)) if isinstance(value, int) else value


class LinesField(forms.Field):
    """A JSON list of texts, one per line."""

    def __init__(self, **kwargs: Any) -> None:
        area = forms.Textarea(attrs={"rows": 3, "dir": "ltr", "spellcheck": "false"})
        super().__init__(**{"required": False, **kwargs, "widget": area})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(str(line) for line in value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        return [line.strip() for line in str(value or "").splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or []) != self.to_python(data)


class MultipleField(forms.TypedMultipleChoiceField):
    """A JSON list of known words, as boxes to tick."""

    def __init__(self, *, choices: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        given = {"required": False, **kwargs, "widget": forms.CheckboxSelectMultiple}
        super().__init__(choices=choices, **given)


class PairsWidget(forms.Textarea):
    """JSON in a text area; static/wafa/pairs.js turns an object into rows of key and value."""

    class Media:
        js = [Script("wafa/pairs.js", defer=True)]

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": 6, "dir": "ltr", "spellcheck": "false", **(attrs or {})})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        words = {
            "add": _("Add"),
            "name": _("Name"),
            "value": _("Value"),
            "remove": _("Remove"),
        }
        return super().get_context(name, value, {"data-pairs": json.dumps(words), **(attrs or {})})

    def format_value(self, value: Any) -> str:
        return str(value) if value is not None else "{}"


class _StorableJson(json.JSONDecoder):
    def decode(self, s: str, *_args: Any) -> Any:
        try:
            return strict_json.loads(s)
        except strict_json.InvalidJson as error:
            raise json.JSONDecodeError(error.details, s, 0) from error


class MetadataField(forms.JSONField):
    """A JSON object of own attributes; the owner's service checks it against the schema."""

    def __init__(self, **kwargs: Any) -> None:
        given = {key: value for key, value in kwargs.items() if key not in {"encoder", "decoder"}}
        super().__init__(
            **{**given, "decoder": _StorableJson, "widget": PairsWidget, "required": False}
        )

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, forms.fields.InvalidJSONInput):
            return value
        return json.dumps(value or {}, ensure_ascii=False, indent=2)

    def to_python(self, value: Any) -> Any:
        parsed = super().to_python(value) or {}
        if not isinstance(parsed, dict):
            raise ValidationError(_("Enter an object of names and values."), code="invalid")
        return parsed


class MomentInput(forms.DateTimeInput):
    """The browser's own picker, or a text box for people who read the Jalali calendar."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"dir": "ltr", "step": "1", **(attrs or {})}, format="%Y-%m-%dT%H:%M:%S")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        if moments.is_jalali():
            context["widget"]["type"] = "text"
            context["widget"]["attrs"]["placeholder"] = "1405-09-01 14:00"
        return context

    def format_value(self, value: Any) -> Any:
        if isinstance(value, datetime) and moments.is_jalali():
            return moments.to_jalali(value)
        return super().format_value(value)


def _gregorian(value: Any) -> Any:
    """What was typed, with a Jalali date turned for people who read that calendar."""
    if not isinstance(value, str) or not moments.is_jalali():
        return value
    try:
        return moments.from_jalali(ascii_digits(value))
    except ValueError as error:
        raise ValidationError(_("The calendar has no such day."), code="invalid") from error


class MomentField(forms.DateTimeField):
    """A moment in the person's time zone and calendar."""

    widget = MomentInput

    def prepare_value(self, value: Any) -> Any:
        is_stored = isinstance(value, datetime) and timezone.is_aware(value)
        return moments.local_of(value).replace(tzinfo=None) if is_stored else value

    def to_python(self, value: Any) -> Any:
        found = super().to_python(_gregorian(value))
        if found is not None and values.local_of(found, UTC) is None:
            raise ValidationError(_("The calendar has no such day."), code="invalid")
        return found

    def get_bound_field(self, form: Any, field_name: str) -> forms.BoundField:
        """The help says in which time zone the moment is read."""
        bound = super().get_bound_field(form, field_name)
        zone = timezone.get_current_timezone_name()
        bound.help_text = format_html('{} <span class="zone">{}</span>', self.help_text, zone)
        return bound


class DayInput(forms.DateInput):
    """The browser's own picker, or a text box for people who read the Jalali calendar."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"dir": "ltr", **(attrs or {})}, format="%Y-%m-%d")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        if moments.is_jalali():
            context["widget"]["type"] = "text"
            context["widget"]["attrs"]["placeholder"] = "1405/09/01"
        return context

    def format_value(self, value: Any) -> Any:
        if isinstance(value, date) and moments.is_jalali():
            return moments.day_to_jalali(value)
        return super().format_value(value)


class DayField(forms.DateField):
    """A day in the person's calendar; years from 1700 on are Gregorian in both."""

    widget = DayInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "input_formats": ["%Y-%m-%d", "%Y/%m/%d"]})

    def to_python(self, value: Any) -> Any:
        return super().to_python(_gregorian(value))
