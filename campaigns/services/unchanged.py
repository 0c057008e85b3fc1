"""Whether a row of a file says of a code only what is so already."""

from collections.abc import Mapping
from typing import Any

from campaigns import queries
from campaigns.models import Voucher, VoucherType
from campaigns.queries import rules as rule_queries
from campaigns.services import definitions, terms
from loyalty_project.core import metadata


def leaves(*, voucher: Voucher, data: Mapping[str, Any], redeemed: int | None) -> bool:
    """`data` is a body of PUT /v1/vouchers, `voucher` as `queries` reads it.

    Raises Invalid for what could be said of no code.
    """
    return (
        _gives_the_same(voucher, data)
        and all(getattr(voucher, name) == value for name, value in _columns(data).items())
        and _of_category(voucher, data)
        and metadata.merged(voucher.metadata, data.get("metadata")) == voucher.metadata
        and (redeemed is None or redeemed == queries.redeemed_of(voucher))
        and _ruled_the_same(voucher, data)
    )


def _columns(data: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, column in (("start_date", "starts_at"), ("expiration_date", "expires_at")):
        if name in data:
            found[column] = terms.moment(value=data[name], name=name)
    if terms.gives_limit(data=data):
        found["redemption_limit"] = terms.limit_of(data=data)
    if data.get("active") is not None:
        found["active"] = data["active"]
    if "additional_info" in data:
        found["additional_info"] = data["additional_info"] or ""
    return found


def _gives_the_same(voucher: Voucher, data: Mapping[str, Any]) -> bool:
    if data.get("type", voucher.type) != voucher.type:
        return False
    current = voucher.definition.data
    if data.get("discount"):
        if voucher.type != VoucherType.DISCOUNT_VOUCHER:
            return False
        return definitions.read_discount(discount=data["discount"]) == current["discount"]
    if data.get("gift"):
        if voucher.account is None:
            return False
        so_far = {**current["gift"], "amount": voucher.account.added}
        return definitions.read_gift(gift={**so_far, **data["gift"]}) == so_far
    return True


def _of_category(voucher: Voucher, data: Mapping[str, Any]) -> bool:
    if "category" not in data:
        return True
    return (voucher.category.name if voucher.category else "") == (data["category"] or "")


def _ruled_the_same(voucher: Voucher, data: Mapping[str, Any]) -> bool:
    wanted = data.get("validation_rules")
    if wanted is None:
        return True
    return {each.rule.public_id for each in rule_queries.assignments_of(voucher)} == set(wanted)
