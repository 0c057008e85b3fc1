"""Codes as published, in the API, in events and inside publications and redemptions."""

from typing import Any, Literal, NotRequired, TypedDict
from urllib.parse import quote

from django.conf import settings
from django.core import signing

from campaigns import queries
from campaigns.models import Category, Voucher
from campaigns.serializers.category import CategoryJson, category_json
from campaigns.serializers.limit import LimitJson, own_limits_json
from campaigns.serializers.validation_rule import RuleAssignmentsJson, assignments_json
from loyalty_project.core import wire

ASSETS_SALT = "campaigns.assets"


class AssetJson(TypedDict):
    id: str
    url: str


class AssetsJson(TypedDict):
    qr: AssetJson
    barcode: AssetJson


class GiftJson(TypedDict):
    """`balance` = `amount` less what was spent and what was taken off otherwise. Minor units."""

    amount: int
    subtracted_amount: int
    balance: int
    effect: str


class VoucherRedemptionJson(TypedDict):
    """`quantity` null is without limit."""

    quantity: int | None
    redeemed_quantity: int
    redeemed_amount: NotRequired[int]
    object: Literal["list"]
    url: str


class VoucherPublishJson(TypedDict):
    object: Literal["list"]
    count: int
    url: str


class VoucherJson(TypedDict):
    """A code; members that do not apply are null, and `holder_id` is absent without a holder.

    `limits` are its own, ours, and there where single codes are read or written.
    """

    id: str
    code: str
    campaign: str | None
    campaign_id: str | None
    category: str | None
    category_id: str | None
    categories: list[CategoryJson]
    type: str
    discount: dict[str, Any] | None
    gift: GiftJson | None
    loyalty_card: None
    start_date: str | None
    expiration_date: str | None
    validity_timeframe: dict[str, str] | None
    validity_day_of_week: list[int] | None
    validity_hours: dict[str, Any] | None
    active: bool
    additional_info: str | None
    metadata: dict[str, Any]
    assets: AssetsJson
    is_referral_code: bool
    created_at: str
    updated_at: str
    holder_id: NotRequired[str]
    validation_rules_assignments: RuleAssignmentsJson
    redemption: VoucherRedemptionJson
    publish: VoucherPublishJson
    limits: NotRequired[list[LimitJson]]
    object: Literal["voucher"]


class SlimVoucherJson(TypedDict):
    """A code inside a list of publications."""

    id: str
    code: str
    object: Literal["voucher"]
    campaign: str | None
    discount: dict[str, Any] | None
    gift: NotRequired[GiftJson]
    is_referral_code: bool


def category_of(voucher: Voucher) -> Category | None:
    """Its own, else that of its campaign."""
    if voucher.category is not None:
        return voucher.category
    return voucher.campaign.category if voucher.campaign is not None else None


def voucher_json(voucher: Voucher) -> VoucherJson:
    """Expects `queries.vouchers()`: without the annotation, open uses are not counted."""
    category = category_of(voucher)
    path = f"/v1/vouchers/{quote(voucher.code, safe='')}"
    result: VoucherJson = {
        "id": voucher.public_id,
        "code": voucher.code,
        "campaign": voucher.campaign.name if voucher.campaign else None,
        "campaign_id": voucher.campaign.public_id if voucher.campaign else None,
        "category": category.name if category else None,
        "category_id": category.public_id if category else None,
        "categories": [category_json(category)] if category else [],
        "type": voucher.type,
        "discount": voucher.definition.data.get("discount"),
        "gift": gift_json(voucher),
        "loyalty_card": None,
        "start_date": wire.instant(voucher.starts_at),
        "expiration_date": wire.instant(voucher.expires_at),
        "validity_timeframe": voucher.validity_timeframe,
        "validity_day_of_week": voucher.validity_day_of_week,
        "validity_hours": voucher.validity_hours,
        "active": voucher.active,
        "additional_info": voucher.additional_info or None,
        "metadata": voucher.metadata,
        "assets": assets_json(voucher.code),
        "is_referral_code": voucher.is_referral_code,
        "created_at": wire.instant(voucher.created_at),
        "updated_at": wire.instant(voucher.updated_at),
        "validation_rules_assignments": assignments_json(voucher),
        "redemption": {
            "quantity": voucher.redemption_limit,
            "redeemed_quantity": queries.redeemed_of(voucher),
            "object": "list",
            "url": f"{path}/redemptions?page=1&limit=10",
        },
        "publish": {
            "object": "list",
            "count": voucher.publish_count,
            "url": f"{path}/publications?page=1&limit=10",
        },
        "object": "voucher",
    }
    if voucher.account is not None:
        result["redemption"]["redeemed_amount"] = voucher.account.redeemed
    if voucher.holder is not None:
        result["holder_id"] = voucher.holder.public_id
    return result


def limited_voucher_json(voucher: Voucher) -> VoucherJson:
    """With its own limits and what is used of them."""
    return {**voucher_json(voucher), "limits": own_limits_json(voucher)}


def gift_json(voucher: Voucher) -> GiftJson | None:
    """What is on a card; of its account, which is read with it."""
    account = voucher.account
    if account is None:
        return None
    return {
        "amount": account.added,
        "subtracted_amount": account.subtracted,
        "balance": account.balance,
        "effect": voucher.definition.data["gift"]["effect"],
    }


def slim_voucher_json(voucher: Voucher) -> SlimVoucherJson:
    body: SlimVoucherJson = {
        "id": voucher.public_id,
        "code": voucher.code,
        "object": "voucher",
        "campaign": voucher.campaign.name if voucher.campaign else None,
        "discount": voucher.definition.data.get("discount"),
        "is_referral_code": voucher.is_referral_code,
    }
    gift = gift_json(voucher)
    return body if gift is None else {**body, "gift": gift}


def assets_json(code: str) -> AssetsJson:
    """Links to images of the code; the id is signed, so that nobody has other texts drawn."""
    token = signing.dumps(code, salt=ASSETS_SALT)
    return {
        "qr": {"id": token, "url": f"{settings.SITE_URL}/v1/assets/qr/{token}"},
        "barcode": {"id": token, "url": f"{settings.SITE_URL}/v1/assets/barcode/{token}"},
    }
