"""What a rule says, in the sentences that the rest of the back office uses."""

from collections.abc import Mapping
from typing import Any

from campaigns import sentences
from campaigns.admin.builder import choices
from campaigns.admin.words import here
from campaigns.engine import rules
from campaigns.engine.redeemable import Kind, Redeemable


def of_document(document: Mapping[str, Any]) -> list[str]:
    """One sentence for each demand of a rule's document, and for the lines that it chooses.

    Raises InvalidCondition for a document that no rule can be made of.
    """
    rule = rules.read(document, rule_id="")
    bare = rules.assign(Redeemable(Kind.VOUCHER, ""), [rule])
    words = here(choices.names(choices.references_in(dict(document))))
    return sentences.restrictions_of(bare, words)


def of_rule(number: str, rule: Mapping[str, Any]) -> str:
    """The sentence of one numbered rule; its name where there is none."""
    try:
        found = of_document({"rules": {number: rule}})
    except rules.InvalidCondition:
        found = []
    return " ".join(found) or str(rule.get("name"))
