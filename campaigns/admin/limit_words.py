"""Limits in words, for those who only read them."""

from collections.abc import Iterable
from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from campaigns.admin.limit_fields import MONEY
from campaigns.models import Limit
from customers.models import Segment
from loyalty_project.core.admin import display


def limits_table(limits: Iterable[Limit]) -> Any:
    """What, when, for whom, at most; a dash where there are none."""
    found = sorted(limits, key=lambda limit: limit.pk)
    if not found:
        return display.EMPTY
    names = _segment_names(found)
    heads = [_("What"), _("When"), _("For whom"), _("At most"), _("Other values for segments")]
    rows = [
        (
            limit.get_measure_display(),
            limit.get_period_display(),
            whose(limit),
            value_of(limit, limit.value),
            _relaxed(limit, names),
        )
        for limit in found
    ]
    return display.table(heads, rows)


def whose(limit: Limit) -> str:
    """Who or what has the limit for itself."""
    parts = []
    if limit.per_redeemable:
        parts.append(_("each code by itself"))
    if limit.per_customer:
        parts.append(_("each customer by itself"))
    return ", ".join(parts) or _("all together")


def value_of(limit: Limit, value: int | None) -> Any:
    """An amount or a number; None is without limit."""
    if value is None:
        return _("without limit")
    return display.money_of(value) if limit.measure in MONEY else display.integer(value)


def _relaxed(limit: Limit, names: dict[str, str]) -> SafeString | str:
    pairs = [
        (names.get(segment, segment), value_of(limit, value))
        for segment, value in limit.relaxed.items()
    ]
    return format_html_join(", ", "<bdi>{}</bdi>: {}", pairs) if pairs else display.EMPTY


def _segment_names(limits: list[Limit]) -> dict[str, str]:
    named = {segment for limit in limits for segment in limit.relaxed}
    if not named:
        return {}
    rows = Segment.objects.filter(public_id__in=named)
    return dict(rows.values_list("public_id", "name"))
