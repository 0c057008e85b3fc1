"""What a rule says, in the sentences that the rest of the back office uses."""

from collections.abc import Mapping
from typing import Any

from campaigns import sentences
from campaigns.admin.builder import choices
from campaigns.engine import rules
from campaigns.engine.redeemable import Kind, Redeemable
from loyalty_project.core import clock, tenancy
from loyalty_project.core.admin import moments


def of_document(document: Mapping[str, Any]) -> list[str]:
    """One sentence for each demand of a rule's document, and for the lines that it chooses.

    Raises InvalidCondition for a document that no rule can be made of.
    """
    rule = rules.read(document, rule_id="")
    bare = rules.assign(Redeemable(Kind.VOUCHER, ""), [rule])
    words = sentences.of_project(
        tenancy.current_project(),
        names=choices.names(choices.references_in(dict(document))),
        jalali=moments.is_jalali(),
        at=clock.now(),
    )
    return sentences.restrictions_of(bare, words)


def of_rule(number: str, rule: Mapping[str, Any]) -> str:
    """The sentence of one numbered rule; its name where there is none."""
    try:
        found = of_document({"rules": {number: rule}})
    except rules.InvalidCondition:
        found = []
    return " ".join(found) or str(rule.get("name"))
