"""Limits in words, with what is used of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from campaigns.admin.limit_fields import MONEY
from campaigns.models import Limit
from campaigns.queries import limit_use
from customers.models import Segment
from loyalty_project.core.admin import display

_UNKNOWN = format_html('<span class="num">{}</span>', "–")


def limits_table(limits: Iterable[Limit]) -> Any:
    """What, when, for whom, at most, used and left; a dash where there are no limits."""
    found = sorted(limits, key=lambda limit: limit.pk)
    if not found:
        return display.EMPTY
    names, used = _segment_names(found), limit_use.used_of(found)
    heads = [_("What"), _("When"), _("For whom"), _("At most"), _("Used"), _("Left")]
    rows = [
        (
            limit.get_measure_display(),
            limit.get_period_display(),
            whose(limit),
            _at_most(limit, names),
            _or_none(limit, used.get(limit.pk)),
            _or_none(limit, limit_use.left_of(limit, used.get(limit.pk))),
        )
        for limit in found
    ]
    return display.table(heads, rows)


def exceeded(limits: Iterable[Limit]) -> list[str]:
    """What to say of limits that are below what is used already."""
    found = list(limits)
    used = limit_use.used_of(found)
    sentence = _("{limit}, {when}: {used} are used already, more than {value}.")
    return [
        format_html(
            sentence,
            limit=limit.get_measure_display(),
            when=str(limit.get_period_display()).lower(),
            used=value_of(limit, used[limit.pk]),
            value=value_of(limit, limit.value),
        )
        for limit in found
        if used.get(limit.pk, 0) > limit.value
    ]


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


def _or_none(limit: Limit, value: int | None) -> Any:
    return _UNKNOWN if value is None else value_of(limit, value)


def _at_most(limit: Limit, names: Mapping[str, str]) -> SafeString | str:
    """The value, and those that segments have instead."""
    own = value_of(limit, limit.value)
    pairs = [
        (names.get(segment, segment), value_of(limit, value))
        for segment, value in limit.relaxed.items()
    ]
    if not pairs:
        return own
    others = format_html_join(", ", "<bdi>{}</bdi>: {}", pairs)
    return format_html("{} ({})", own, others)


def _segment_names(limits: Sequence[Limit]) -> dict[str, str]:
    named = {segment for limit in limits for segment in limit.relaxed}
    if not named:
        return {}
    rows = Segment.objects.filter(public_id__in=named)
    return dict(rows.values_list("public_id", "name"))
