"""Drafts in forms: JSON in a text area, over which static/wafa/builder shows rows."""

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.widgets import Script
from django.utils.translation import gettext as _

from campaigns.admin.builder.drafts import Problems
from loyalty_project.core import strict_json

SCRIPTS = ("dom", "picker", "values", "rows", "groups", "lines", "builder")


class DraftWidget(forms.Textarea):
    """`kind` says which rows: "rules", "lines" or "bundle"."""

    class Media:
        js = [Script(f"wafa/builder/{name}.js", defer=True) for name in SCRIPTS]

    def __init__(self, kind: str) -> None:
        super().__init__({"rows": 12, "dir": "ltr", "spellcheck": "false"})
        self.kind = kind
        self.problems: list[dict[str, Any]] = []

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        data = {"data-draft": self.kind, "data-problems": json.dumps(self.problems)}
        return super().get_context(name, value, {**data, **(attrs or {})})


class DraftField(forms.Field):
    """A draft as the page sends it; the form turns it into a document."""

    def __init__(self, kind: str, **kwargs: Any) -> None:
        super().__init__(**{"required": False, **kwargs, "widget": DraftWidget(kind)})

    def prepare_value(self, value: Any) -> Any:
        return json.dumps(value, ensure_ascii=False) if isinstance(value, Mapping) else value

    def draft(self, shown: Any) -> Any:
        """The draft that a bound field shows; nothing of a text that is none."""
        try:
            return self.to_python(shown)
        except ValidationError:
            return {}

    def to_python(self, value: Any) -> dict[str, Any]:
        try:
            found = strict_json.loads(str(value or "{}"))
        except strict_json.InvalidJson as error:
            raise ValidationError(error.details, code="invalid") from error
        if not isinstance(found, dict):
            raise ValidationError(_("Enter an object of names and values."), code="invalid")
        return found

    def show(self, problems: Problems) -> None:
        """Show problems at their rows."""
        if isinstance(self.widget, DraftWidget):
            self.widget.problems = problems.as_json()
