"""Validation rules as they are sent to the API, and what a code takes off under them."""

from campaigns.engine import rules
from tests.campaigns.engine.build import run

AT_LEAST = "$more_than_or_equal"


def taken(redeemable, order, **facts):
    evaluation = run(redeemable, order=order, **facts)
    return evaluation.order.total_applied_discount_amount if evaluation.valid else None


def document(redeemable, *conditions, logic=None, included=(), **more):
    """The redeemable under a validation rule as it is sent to the API."""
    numbered = {str(n): each for n, each in enumerate(conditions, start=1)}
    if logic:
        numbered["logic"] = logic
    sent = {"rules": numbered, "applicable_to": {"included": list(included)}, **more}
    return rules.assign(redeemable, [rules.read(sent, rule_id="val_1")])


def chosen(name, kind="product", **more):
    prefix = "pc" if kind == "products_collection" else "prod"
    return {"object": kind, "id": f"{prefix}_{name}", **more}
