"""The rows in which people say limits, and the documents that the services take."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.widgets import Script
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from campaigns.models.limits import Measure, Overflow, Period
from campaigns.services.limits import BIGGEST, MAX_PER_OWNER
from customers.models import Segment
from loyalty_project.core import money
from loyalty_project.core.admin import currency
from loyalty_project.core.admin.fields import plain_number
from loyalty_project.core.errors import Invalid

MONEY = frozenset({Measure.DISCOUNT, Measure.ORDERS})
SEGMENTS_MAX = 500


@dataclass(frozen=True, slots=True)
class Row:
    """One limit as it is typed; `relaxed` are pairs of a segment and a value, empty for none."""

    measure: str = Measure.REDEMPTIONS
    period: str = Period.ALWAYS
    per_customer: bool = False
    per_redeemable: bool = False
    value: str = ""
    overflow: str = Overflow.REFUSE
    relaxed: tuple[tuple[str, str], ...] = ()

    @property
    def is_money(self) -> bool:
        return self.measure in MONEY


class LimitsWidget(forms.Widget):
    """Rows of what, when, for whom, at most; static/wafa/limits.js adds and removes them."""

    class Media:
        js = [Script("wafa/limits.js", defer=True)]

    def __init__(self, *, offers_codes: bool) -> None:
        super().__init__()
        self.offers_codes = offers_codes

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Row]:
        del files
        indices = sorted(_indices(data, name))
        rows = [_row(data, f"{name}-{index}") for index in indices[: MAX_PER_OWNER + 1]]
        return [row for row in rows if row.value or any(pair[0] for pair in row.relaxed)]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        del files
        return f"{name}-shown" not in data

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        del attrs, renderer
        rows = value if isinstance(value, list) else []
        context = {
            "name": name,
            "rows": [_shown(f"{name}-{index}", row) for index, row in enumerate(rows)],
            "blank": _shown(f"{name}-{len(rows)}", Row()),
            "template": _shown(f"{name}-__n__", Row()),
            "measures": Measure.choices,
            "periods": Period.choices,
            "overflows": Overflow.choices,
            "segments": list(Segment.objects.order_by("name")[:SEGMENTS_MAX]),
            "unit": currency.current().code,
            "offers_codes": self.offers_codes,
        }
        return SafeString(render_to_string("admin/campaigns/limits.html", context))


class LimitsField(forms.Field):
    """Documents of limits. Needs an open scope."""

    def __init__(self, *, offers_codes: bool = False, **kwargs: Any) -> None:
        super().__init__(
            **{"required": False, **kwargs, "widget": LimitsWidget(offers_codes=offers_codes)}
        )

    def prepare_value(self, value: Any) -> list[Row]:
        return [each if isinstance(each, Row) else _typed(each) for each in value or ()]

    def to_python(self, value: Any) -> list[dict[str, Any]]:
        rows = self.prepare_value(value)
        if len(rows) > MAX_PER_OWNER:
            raise ValidationError(
                _("There can be %(number)s limits at most."), params={"number": MAX_PER_OWNER}
            )
        errors: list[Any] = []
        documents: list[dict[str, Any]] = []
        for number, row in enumerate(rows, start=1):
            try:
                documents.append(_document(row, documents))
            except ValidationError as error:
                message = _("Limit %(number)s: %(problem)s")
                params = {"number": number, "problem": error.messages[0]}
                errors.append(ValidationError(message, params=params))
        if errors:
            raise ValidationError(errors)
        return documents

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial) != self.prepare_value(data)


def _indices(data: Mapping[str, Any], name: str) -> Iterator[int]:
    for key in data:
        index = key.removeprefix(f"{name}-").removesuffix("-value")
        if key == f"{name}-{index}-value" and index.isdecimal() and index.isascii():
            yield int(index)


def _row(data: Any, prefix: str) -> Row:
    segments = data.getlist(f"{prefix}-segment")
    values = data.getlist(f"{prefix}-segment-value")
    return Row(
        measure=data.get(f"{prefix}-measure", ""),
        period=data.get(f"{prefix}-period", ""),
        per_customer=f"{prefix}-per_customer" in data,
        per_redeemable=f"{prefix}-per_redeemable" in data,
        value=data.get(f"{prefix}-value", "").strip(),
        overflow=data.get(f"{prefix}-overflow", ""),
        relaxed=tuple(
            (segment, value.strip())
            for segment, value in zip(segments, values, strict=False)
            if segment or value.strip()
        ),
    )


def _shown(prefix: str, row: Row) -> dict[str, Any]:
    return {**asdict(row), "prefix": prefix, "is_money": row.is_money}


def _typed(document: Mapping[str, Any]) -> Row:
    """A stored document as people write it."""
    measure = document["measure"]
    return Row(
        measure=measure,
        period=document["period"],
        per_customer=document["per_customer"],
        per_redeemable=document["per_redeemable"],
        value=_text(measure, document["value"]),
        overflow=document["overflow"],
        relaxed=tuple(
            (segment, "" if value is None else _text(measure, value))
            for segment, value in document["relaxed"].items()
        ),
    )


def _document(row: Row, others: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    for given, choices in ((row.measure, Measure), (row.period, Period), (row.overflow, Overflow)):
        if given not in choices.values:
            raise ValidationError(_("Choose one of the words that are offered."))
    counts_customers = row.measure == Measure.CUSTOMERS
    cuts = row.measure == Measure.DISCOUNT
    document: dict[str, Any] = {
        "measure": row.measure,
        "period": row.period,
        "per_customer": row.per_customer and not counts_customers,
        "per_redeemable": row.per_redeemable,
        "value": _number(row, row.value),
        "overflow": row.overflow if cuts else Overflow.REFUSE,
    }
    counted = ("measure", "period", "per_customer", "per_redeemable")
    if any(all(each[name] == document[name] for name in counted) for each in others):
        raise ValidationError(_("Another limit counts the same."))
    return {**document, "relaxed": dict(_relaxed(row, document["value"]))}


def _relaxed(row: Row, common: int) -> Iterator[tuple[str, int | None]]:
    for segment, text in row.relaxed:
        if not segment:
            raise ValidationError(_("Choose the segment for %(value)s."), params={"value": text})
        value = _number(row, text) if text else None
        if value is not None and value <= common:
            raise ValidationError(_("A segment's value must be more than that for everybody."))
        yield segment, value


def _number(row: Row, text: str) -> int:
    """Minor units or a whole number."""
    digits = currency.current().exponent if row.is_money else 0
    try:
        number = money.to_minor(plain_number(text), digits)
    except Invalid:
        wanted = _("Enter an amount.") if row.is_money else _("Enter a whole number.")
        raise ValidationError(wanted) from None
    if not 0 <= number <= BIGGEST:
        raise ValidationError(_("The number is too small or too big."))
    return number


def _text(measure: str, value: int) -> str:
    if measure not in MONEY:
        return str(value)
    return str(money.to_major(value, currency.current().exponent))
