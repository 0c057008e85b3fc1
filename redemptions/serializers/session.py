"""Sessions and what they hold, on the wire."""

from typing import Literal, NotRequired, TypedDict

from loyalty_project.core import wire
from redemptions.models import Hold
from redemptions.usage import Session


class SessionJson(TypedDict):
    """`ttl` in units of `ttl_unit`; a redemption names the session alone."""

    key: str
    type: Literal["LOCK"]
    ttl: NotRequired[float]
    ttl_unit: NotRequired[str]


class HoldJson(TypedDict):
    """What a session keeps of a code or promotion; `credits` in minor units."""

    key: str
    type: Literal["LOCK"]
    related_object_type: str
    related_object_id: str | None
    customer_id: str | None
    tracking_id: str | None
    quantity: int
    credits: NotRequired[int]
    expires_at: str
    created_at: str
    object: Literal["session"]


def session_json(session: Session) -> SessionJson:
    return {"key": session.key, "type": "LOCK", "ttl": session.ttl, "ttl_unit": session.ttl_unit}


def named_json(key: str) -> SessionJson:
    return {"key": key, "type": "LOCK"}


def hold_json(hold: Hold) -> HoldJson:
    row = hold.voucher or hold.promotion_tier
    body: HoldJson = {
        "key": hold.session_key,
        "type": "LOCK",
        "related_object_type": "voucher" if hold.promotion_tier is None else "promotion_tier",
        "related_object_id": row.public_id if row is not None else None,
        "customer_id": hold.customer.public_id if hold.customer is not None else None,
        "tracking_id": hold.tracking_id or None,
        "quantity": hold.quantity,
        "expires_at": wire.instant(hold.expires_at),
        "created_at": wire.instant(hold.created_at),
        "object": "session",
    }
    if hold.account_id is not None:
        body["credits"] = hold.credits
    return body
