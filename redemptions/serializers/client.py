"""Answers for browsers: the published shapes without what they say of customers."""

from collections.abc import Mapping
from typing import Any

_KEPT = ("id", "source_id", "object")
_HIDDEN = frozenset({"holder_id", "additional_info", "publish"})


def redemptions_json(body: Mapping[str, Any]) -> dict[str, Any]:
    """POST /client/v1/redemptions."""
    found = {**body, "redemptions": [redemption_json(one) for one in body["redemptions"]]}
    if "parent_redemption" in body:
        found["parent_redemption"] = redemption_json(body["parent_redemption"])
    return found


def redemption_json(body: Mapping[str, Any]) -> dict[str, Any]:
    """One redemption: its customer is reduced to ids, its code to what a shopper may know."""
    found = dict(body)
    customer, voucher = body.get("customer"), body.get("voucher")
    if customer is not None:
        found["customer"] = {name: customer[name] for name in _KEPT if name in customer}
    if voucher is not None:
        found["voucher"] = {key: value for key, value in voucher.items() if key not in _HIDDEN}
    return found
