"""A choice of rows in a sequence: a box for the number of each, which any keyboard can fill."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from loyalty_project.core.admin import fields


@dataclass(frozen=True, slots=True)
class Choice:
    """What may be chosen: `value` is sent back, `label` is shown with `about` beside it."""

    value: str
    label: str
    about: Any = ""


class SequenceInput(forms.Widget):
    """One box per choice; the chosen ones stand first."""

    use_fieldset = True
    choices: Sequence[Choice] = ()

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        del attrs, renderer
        numbers: Mapping[str, str] = value or {}
        rows = sorted(self.choices, key=lambda choice: _place(numbers.get(choice.value, "")))
        return format_html(
            '<ol class="sequence">{}</ol>',
            format_html_join(
                "",
                '<li><input type="text" inputmode="numeric" maxlength="3" dir="ltr"'
                ' autocomplete="off" name="{0}_{1}" id="id_{0}_{1}" value="{2}">'
                '<label for="id_{0}_{1}"><bdi>{3}</bdi> <span class="muted">{4}</span></label>'
                "</li>",
                (
                    (name, choice.value, numbers.get(choice.value, ""), choice.label, choice.about)
                    for choice in rows
                ),
            ),
        )

    def id_for_label(self, id_: str) -> str:
        """None: a group of boxes has a heading."""
        del id_
        return ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, str]:
        del files
        typed = {choice.value: data.get(f"{name}_{choice.value}", "") for choice in self.choices}
        return {value: str(text).strip() for value, text in typed.items() if str(text).strip()}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        del data, files, name
        return False


class SequenceField(forms.Field):
    """The values of the numbered choices, the lowest number first."""

    widget = SequenceInput

    def offer(self, choices: Sequence[Choice]) -> None:
        self.widget.choices = choices

    def prepare_value(self, value: Any) -> Any:
        """Boxes from a list of values."""
        if isinstance(value, list):
            return {chosen: str(place) for place, chosen in enumerate(value, start=1)}
        return value

    def to_python(self, value: Any) -> list[str]:
        numbers = {chosen: _number(text) for chosen, text in (value or {}).items()}
        twice = {number for number in numbers.values() if list(numbers.values()).count(number) > 1}
        if twice:
            text = _("Two of them have the number %(number)s: give each its own.")
            raise ValidationError(text % {"number": min(twice)}, code="twice")
        return sorted(numbers, key=lambda chosen: numbers[chosen])

    def validate(self, value: Any) -> None:
        if self.required and not value:
            raise ValidationError(_("Give at least one of them a number."), code="required")

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return (initial or []) != self.to_python(data)
        except ValidationError:
            return True


def _number(text: str) -> int:
    digits = fields.ascii_digits(text)
    if not (digits.isascii() and digits.isdecimal()):
        raise ValidationError(_("Type whole numbers, such as 1, 2, 3."), code="invalid")
    return int(digits)


def _place(text: str) -> int:
    digits = fields.ascii_digits(text)
    return int(digits) if digits.isascii() and digits.isdecimal() else 1_000
