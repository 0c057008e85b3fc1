"""What a customer holds, on the wire."""

from datetime import datetime
from typing import Any, Literal, TypedDict

from campaigns import queries as campaign_queries
from campaigns.models import Voucher
from campaigns.serializers.voucher import VoucherJson, voucher_json
from loyalty_project.core import wire

HOLDER_PREFIX = "rh_"
VOUCHER_PREFIX = "v_"


class HeldVoucherJson(TypedDict):
    type: Literal["voucher"]
    voucher: VoucherJson
    status: Literal["ACTIVE", "USED", "DISABLED", "NOT_ACTIVE_YET", "EXPIRED", "NO_BALANCE"]


class CustomerRedeemableJson(TypedDict):
    """A code of a customer, since its last publication to them."""

    id: str
    created_at: str
    redeemable_id: str
    redeemable_object: Literal["voucher"]
    customer_id: str
    holder_role: Literal["OWNER", "REFERRER", "REFEREE"]
    campaign_id: str | None
    campaign_type: str | None
    voucher_type: str
    redeemable: HeldVoucherJson


def customer_redeemable_json(voucher: Any) -> CustomerRedeemableJson:
    """A code of `queries.held_vouchers`, annotated with `held_since` and `seen_at`."""
    campaign = voucher.campaign
    since: datetime = voucher.held_since or voucher.created_at
    return {
        "id": holder_id(voucher.public_id),
        "created_at": wire.instant(since),
        "redeemable_id": voucher.public_id,
        "redeemable_object": "voucher",
        "customer_id": voucher.holder.public_id,
        "holder_role": "OWNER",
        "campaign_id": campaign.public_id if campaign is not None else None,
        "campaign_type": campaign.campaign_type if campaign is not None else None,
        "voucher_type": voucher.type,
        "redeemable": {
            "type": "voucher",
            "voucher": voucher_json(voucher),
            "status": status_of(voucher, at=voucher.seen_at),
        },
    }


def holder_id(voucher_id: str) -> str:
    """A code has one holder, so the id of its holding is its own with another prefix."""
    return HOLDER_PREFIX + voucher_id.removeprefix(VOUCHER_PREFIX)


def voucher_id(value: str) -> str:
    """The id of the code of a holding."""
    return VOUCHER_PREFIX + value.removeprefix(HOLDER_PREFIX)


def status_of(
    voucher: Voucher, *, at: datetime
) -> Literal["ACTIVE", "USED", "DISABLED", "NOT_ACTIVE_YET", "EXPIRED", "NO_BALANCE"]:
    """The first of these that holds; days and hours of validity are not looked at."""
    rows = [row for row in (voucher, voucher.campaign) if row is not None]
    if not all(row.active for row in rows):
        return "DISABLED"
    if any(row.expires_at is not None and row.expires_at <= at for row in rows):
        return "EXPIRED"
    if any(row.starts_at is not None and row.starts_at > at for row in rows):
        return "NOT_ACTIVE_YET"
    limit = voucher.redemption_limit
    if limit is not None and campaign_queries.redeemed_of(voucher) >= limit:
        return "USED"
    if voucher.account is not None and voucher.account.balance <= 0:
        return "NO_BALANCE"
    return "ACTIVE"
