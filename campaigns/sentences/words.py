"""How values read: amounts, numbers, names and lists, in the active language."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from loyalty_project.core import currencies
from loyalty_project.core.models import Project
from loyalty_project.core.predicates import values


def number(value: object) -> str:
    """`1,250` or `12.5`, as the active language writes it."""
    found = values.number(value)
    return str(value) if found is None else number_format(found, force_grouping=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What sentences need beside the language.

    `amount` writes minor units of the project's currency, `names` maps ids to names; an id without
    one reads as itself. Times are those of `time_zone`, dates Jalali where that is said, "today" is
    that of `at`. Words `for_shoppers` keep to themselves what a shop does not tell: segments,
    attributes, keys, costs and budgets.
    """

    amount: Callable[[int], str] = number
    names: Mapping[str, str] = field(default_factory=dict)
    time_zone: tzinfo = UTC
    jalali: bool = False
    at: datetime | None = None
    for_shoppers: bool = False

    def name(self, identifier: str) -> str:
        return self.names.get(identifier, identifier)

    def named(self, identifiers: Iterable[Any]) -> list[str]:
        return [self.name(str(each)) for each in identifiers]


def of_project(project: Project, **more: Any) -> Words:
    """Words with the project's currency and time zone; `more` as in Words."""
    look = currencies.look_of(project.currency)
    return Words(amount=look.text, time_zone=ZoneInfo(project.timezone), **more)


def quoted(text: object) -> str:
    return _("“%(text)s”") % {"text": text}


def listed(items: Sequence[str]) -> str:
    """`A, B, C`."""
    return _joined(items, _("%(first)s, %(next)s"), _("%(first)s, %(next)s"))


def all_of(items: Sequence[str]) -> str:
    """`A, B and C`."""
    return _joined(items, _("%(first)s, %(next)s"), _("%(first)s and %(last)s"))


def any_of(items: Sequence[str]) -> str:
    """`A, B or C`."""
    return _joined(items, _("%(first)s, %(next)s"), _("%(first)s or %(last)s"))


def both(clauses: Sequence[str]) -> str:
    """Statements that must all hold, in one sentence."""
    joined = _("%(clause)s, and %(last)s")
    return _joined(clauses, joined, joined)


def either(clauses: Sequence[str]) -> str:
    """Statements of which one is enough, in one sentence."""
    joined = _("%(clause)s, or %(last)s")
    return _joined(clauses, joined, joined)


def sentence(clause: str) -> str:
    """A statement as a sentence: with a capital and a full stop."""
    bracket, text = ("(", clause[1:]) if clause.startswith("(") else ("", clause)
    is_dotted = text[:1] == "i" and str(get_language()).startswith("tr")
    begun = "İ" + text[1:] if is_dotted else capfirst(text)
    return f"{bracket}{begun}."


def _joined(items: Sequence[str], between: str, last: str) -> str:
    found = items[0] if items else ""
    for place, item in enumerate(items[1:], start=2):
        text = last if place == len(items) else between
        found = text % {"first": found, "next": item, "last": item, "clause": found}
    return found
