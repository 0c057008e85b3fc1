"""Every check of an evaluation in one sentence, with what it saw."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.engine.counters import Measure, Period, Scope
from campaigns.engine.redeemable import HolidayMode, Redeemable, Validity
from campaigns.engine.results import Reason
from campaigns.engine.rules.conditions import Condition
from campaigns.engine.rules.counted import Counted
from campaigns.engine.trace import Step
from campaigns.sentences import comparisons, counts, dates, facts, items, rules, windows
from campaigns.sentences.reasons import why
from campaigns.sentences.restrictions import kept_of
from campaigns.sentences.words import Words, listed, number, sentence
from loyalty_project.core.predicates import Kind, logic


def of_step(step: Step, redeemable: Redeemable, reason: Reason | None, words: Words) -> str:
    """`The order amount must be at least 50.00 EUR (now: 42.00 EUR).`"""
    return _SAYS[step.check](step, redeemable, reason, words)


def _exists(step: Step, *_rest: Any) -> str:
    return _("It exists.") if step.holds else _("It does not exist.")


def _enabled(step: Step, *_rest: Any) -> str:
    if step.fact == "campaign.active":
        if step.holds:
            return _("Its campaign is switched on.")
        return _("Its campaign is switched off.")
    return _("It is switched on.") if step.holds else _("It is switched off.")


def _started(step: Step, _redeemable: Redeemable, _reason: Reason | None, words: Words) -> str:
    values = {"start": dates.exact(step.required, words)}
    if step.fact.startswith("campaign."):
        return _("Its campaign starts on %(start)s.") % values
    return _("It starts on %(start)s.") % values


def _not_ended(step: Step, _redeemable: Redeemable, _reason: Reason | None, words: Words) -> str:
    values = {"end": dates.end(step.required, words)}
    if step.fact.startswith("campaign."):
        return _("Its campaign runs to %(end)s.") % values
    return _("It runs to %(end)s.") % values


def _recurs(step: Step, redeemable: Redeemable, _reason: Reason | None, words: Words) -> str:
    anchor = redeemable.campaign.validity.starts_at if redeemable.campaign else None
    required = " ".join(windows.of_recurrence(step.required, words, anchor=anchor))
    return _now(required.rstrip("."), dates.moment(step.actual, words))


def _on_holidays(step: Step, _redeemable: Redeemable, _reason: Reason | None, words: Words) -> str:
    mode = HolidayMode.ONLY if step.operator == "$is" else HolidayMode.EXCEPT
    validity = Validity(holidays=frozenset(step.required), holiday_mode=mode)
    all_days = replace(words, at=None)
    required = " ".join(windows.of_holidays(validity, all_days))
    return _now(required.rstrip("."), dates.day(step.actual, words))


def _rollout(step: Step, _redeemable: Redeemable, _reason: Reason | None, _words: Words) -> str:
    required = _("it is open to %(percent)s %% of the customers")
    actual = _("unknown") if step.actual is None else number(step.actual)
    return _now(required % {"percent": number(step.required)}, actual)


def _quantity(step: Step, *_rest: Any) -> str:
    text = ngettext(
        "It can be used %(n)s time; this would be use %(actual)s.",
        "It can be used %(n)s times; this would be use %(actual)s.",
        step.required,
    )
    return text % {"n": number(step.required), "actual": number(step.actual)}


def _limit(step: Step, redeemable: Redeemable, _reason: Reason | None, words: Words) -> str:
    known = next((each for each in redeemable.limits if each.id == step.source), None)
    if known is not None:
        kept, scope_id = kept_of(known), known.scope_id
    else:
        scope, measure, period = step.fact.split(".")
        kept, scope_id = Counted(Measure(measure), Scope(scope), Period(period)), ""
    actual = words.amount(step.actual) if counts.is_amount(kept.measure) else number(step.actual)
    if step.required is None:
        return _("This limit does not count for the customer.")
    return _now(counts.at_most(kept, step.required, words, scope_id), actual)


def _rule(step: Step, redeemable: Redeemable, _reason: Reason | None, words: Words) -> str:
    condition = _condition_of(step, redeemable)
    if condition is None:
        return step.fact
    if condition.items is not None:
        return sentence(rules.of_condition(condition, words))
    asked = [each for each in condition.comparisons if each.operator == step.operator]
    required = rules.of_comparison(condition, asked[0], words)
    return _now(required, _actual(condition, asked[0].kind, step.actual, words))


def _bundle(step: Step, redeemable: Redeemable, _reason: Reason | None, words: Words) -> str:
    components = redeemable.bundle.components if redeemable.bundle is not None else ()
    required = _("the order must contain this bundle: %(bundle)s") % {
        "bundle": items.bundle(components, words)
    }
    return _now(required, number(step.actual))


def _stock(step: Step, _redeemable: Redeemable, _reason: Reason | None, words: Words) -> str:
    text = ngettext(
        "%(n)s unit of %(item)s must be there to give away",
        "%(n)s units of %(item)s must be there to give away",
        step.required,
    )
    values = {"n": number(step.required), "item": words.name(step.property or "")}
    return _now(text % values, number(step.actual))


def _balance(step: Step, _redeemable: Redeemable, _reason: Reason | None, words: Words) -> str:
    required = _("the card must hold at least %(amount)s")
    return _now(required % {"amount": words.amount(step.required)}, words.amount(step.actual))


def _outcome(step: Step, redeemable: Redeemable, reason: Reason | None, words: Words) -> str:
    found = reason or Reason(str(step.actual))
    return why(found, words, asked=redeemable.rules)


def _now(required: str, actual: str) -> str:
    return sentence(_("%(required)s (now: %(actual)s)") % {"required": required, "actual": actual})


def _actual(condition: Condition, kind: Kind, actual: object, words: Words) -> str:
    if actual is None:
        return _("unknown")
    fact = facts.of(condition, words)
    if isinstance(actual, list | tuple | set | frozenset):
        found = [comparisons.value(fact, each, words, kind) for each in actual]
        return listed(sorted(found)) if found else _("none")
    return comparisons.value(fact, actual, words, kind)


def _condition_of(step: Step, redeemable: Redeemable) -> Condition | None:
    return next(_conditions(step, redeemable), None)


def _conditions(step: Step, redeemable: Redeemable) -> Iterator[Condition]:
    for rule in redeemable.rules:
        for leaf in logic.leaves(rule.tree) if rule.id == step.source else ():
            if leaf.number == step.number:
                yield leaf.condition


_SAYS: Mapping[str, Callable[[Step, Redeemable, Reason | None, Words], str]] = {
    "exists": _exists,
    "enabled": _enabled,
    "started": _started,
    "not_ended": _not_ended,
    "recurrence": _recurs,
    "holidays": _on_holidays,
    "rollout": _rollout,
    "quantity": _quantity,
    "limit": _limit,
    "rule": _rule,
    "bundle": _bundle,
    "stock": _stock,
    "balance": _balance,
    "outcome": _outcome,
}
