"""Windows that are refused where a rule is saved, while one that is saved is read as it is."""

from collections.abc import Mapping
from typing import Any

from campaigns.engine.rules import counted
from loyalty_project.core import durations, predicates
from loyalty_project.core.predicates import InvalidCondition, recurring


def check(document: Mapping[str, Any], prefix: str = "") -> None:
    """Raises InvalidCondition for a window or frame of more than durations.YEARS_MAX years.

    Of the numbered rules of a document that `rules.read` has read.
    """
    found, _ = predicates.numbered(document, prefix)
    for number, rule in found.items():
        path = f"{prefix}.{number}" if prefix else number
        name, conditions = str(rule.get("name")), rule.get("conditions")
        where = f"Rule '{path}' ({name})"
        if name in counted.PAST:
            _check_window(str(rule.get("property") or ""), where)
        frames = conditions.get("$timeframe") if isinstance(conditions, Mapping) else None
        for frame in frames or ():
            recurring.refuse_too_long(frame, f"{where} $timeframe")
        if rule.get("rules"):
            check(rule["rules"], path)


def _check_window(given: str, where: str) -> None:
    try:
        durations.bounded(given.partition(";")[0])
    except durations.TooLong:
        what = f"must not look back more than {durations.YEARS_MAX} years"
        raise InvalidCondition(where, what) from None
    except durations.InvalidDuration:
        return  # a calendar window, or all time
