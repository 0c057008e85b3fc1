"""The form field of a filter: rows of selects and boxes; static/wafa/conditions.js adds rows."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.widgets import Script
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from loyalty_project.core.admin import currency, moments
from rewards.admin.conditions import ATTRIBUTES, KEYED, OFFERED, OPERATORS, Row

BLANK_ROWS = 2
ROWS_MAX = 100
JUNCTIONS = [("and", _("All of them")), ("or", _("One is enough"))]
_PARTS = ("attribute", "key", "operator", "value")


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, not checked yet."""

    junction: str
    rows: tuple[Row, ...]


class FilterWidget(forms.Widget):
    """`preview_url` is asked for what the rows find; each part of a row is sent once per row."""

    preview_url = ""

    class Media:
        js = [Script("wafa/conditions.js", defer=True)]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Typed:
        columns = [data.getlist(f"{name}-{part}")[:ROWS_MAX] for part in _PARTS]
        rows = zip(*columns, strict=False)
        return Typed(
            junction=data.get(f"{name}-junction", "and"),
            rows=tuple(Row(*(cell.strip() for cell in row)) for row in rows),
        )

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return f"{name}-junction" not in data

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        typed = value if isinstance(value, Typed) else Typed("and", ())
        script = {
            "offered": OFFERED,
            "keyed": sorted(KEYED),
            "silent": ["$has_value", "$is_unknown"],
            "days": [] if moments.is_jalali() else ["$after", "$before"],
        }
        context = {
            "name": name,
            "id": (attrs or {}).get("id", ""),
            "junctions": JUNCTIONS,
            "junction": typed.junction,
            "rows": [*typed.rows, *[Row()] * BLANK_ROWS],
            "blank": Row(),
            "attributes": _attributes(),
            "operators": list(OPERATORS.items()),
            "script": json.dumps(script),
            "preview_url": self.preview_url,
        }
        return render_to_string("admin/rewards/conditions.html", context)


def _attributes() -> list[tuple[str, Any]]:
    """Choices of the first box; the price with the currency in which it is typed."""
    labels = {name: label for name, (_wire, label) in ATTRIBUTES.items()}
    labels["price"] = f"{labels['price']} ({currency.current().code})"
    return list(labels.items())


class FilterField(forms.Field):
    widget = FilterWidget

    def has_changed(self, initial: Any, data: Any) -> bool:
        return True
