"""What the engine holds and answers, in plain sentences of the active language.

    words = of_project(project, names=…, at=…)     how values read; Words() alone is enough
    discount(document, amount)                     "12.5 % off, at most 20.00 EUR"
    conditions(rule, words)                        the demands of a rule, one sentence each
    restrictions_of(redeemable, words)             all that one must know before using it
    ids_in(redeemables)                            the ids whose names they want
    ids_in_discount(document)                      and those that a discount wants
    why(reason, words)                             why not
    check(step, redeemable, reason, words)         one check of an explanation, with what it saw
    capped(one, words)                             what a floor or limit cut down
    advice(changes, order, words)                  what would help
    problem(invalid)                               what is wrong with a discount or its formula
    unknown_in(names)                              what a formula asked for and did not get
    wrong(formula)                                 what is wrong with a formula
    why_nothing_helps(explanation, words)          and why nothing would

Sentences are deterministic: equal input in the same language gives the same text.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from campaigns.sentences.caps import of_capped as capped
from campaigns.sentences.changes import of_changes as advice
from campaigns.sentences.changes import why_nothing_helps
from campaigns.sentences.checks import of_step as check
from campaigns.sentences.discounts import of_document
from campaigns.sentences.formulas import problem, unknown_in, wrong
from campaigns.sentences.names import ids_in, ids_in_discount
from campaigns.sentences.reasons import why
from campaigns.sentences.restrictions import of_redeemable as restrictions_of
from campaigns.sentences.rules import of_rule as conditions
from campaigns.sentences.words import Words, of_project

__all__ = [
    "Words",
    "advice",
    "capped",
    "check",
    "conditions",
    "discount",
    "ids_in",
    "ids_in_discount",
    "of_project",
    "problem",
    "restrictions_of",
    "unknown_in",
    "why",
    "why_nothing_helps",
    "wrong",
]

_NO_NAMES: Mapping[str, str] = MappingProxyType({})


def discount(
    document: Mapping[str, Any], amount: Callable[[int], str], names: Mapping[str, str] = _NO_NAMES
) -> str:
    """A published discount in words; `amount` writes minor units."""
    return of_document(document, Words(amount=amount, names=names))
