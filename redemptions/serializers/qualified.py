"""Answers of the older endpoints that list what a customer could use."""

import secrets
from typing import Any, Literal, TypedDict

from campaigns import queries
from campaigns.models import Voucher
from campaigns.queries import rules as rule_queries
from campaigns.serializers.campaign import campaign_json
from campaigns.serializers.voucher import voucher_json
from loyalty_project.core import wire
from loyalty_project.core.models import new_id
from redemptions.context.offered import Offers


class QualifiedJson(TypedDict):
    """`data` holds codes or campaigns as their own endpoints show them, each once."""

    object: Literal["list"]
    data_ref: Literal["data"]
    data: list[dict[str, Any]]
    total: int
    id: str
    created_at: str
    tracking_id: str


def vouchers_json(found: Offers) -> QualifiedJson:
    keys = [row.pk for row in _rows(found) if isinstance(row, Voucher)]
    rows = rule_queries.with_assignments(queries.vouchers()).in_bulk(keys)
    data = [dict(voucher_json(rows[key])) for key in keys if key in rows]
    return _listed(found, data)


def campaigns_json(found: Offers) -> QualifiedJson:
    named = [row.campaign_id for row in _rows(found) if row.campaign_id is not None]
    keys = list(dict.fromkeys(named))
    rows = rule_queries.with_assignments(queries.campaigns()).in_bulk(keys)
    data = [dict(campaign_json(rows[key])) for key in keys if key in rows]
    return _listed(found, data)


def _rows(found: Offers) -> list[Any]:
    return [row for offer in found.offers for row in offer.candidate.rows.values()]


def _listed(found: Offers, data: list[dict[str, Any]]) -> QualifiedJson:
    return {
        "object": "list",
        "data_ref": "data",
        "data": data,
        "total": len(data),
        "id": new_id("qfl_"),
        "created_at": wire.instant(found.loaded.context.at),
        "tracking_id": found.tracking_id or "track_" + secrets.token_urlsafe(24),
    }
