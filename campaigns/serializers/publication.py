"""Publications as published; one code comes whole, several by their codes and ids."""

from collections.abc import Sequence
from typing import Any, Literal, NotRequired, TypedDict

from campaigns.models import Publication, Voucher
from campaigns.serializers.voucher import slim_voucher_json, voucher_json
from customers.serializers import customer as customers_json
from loyalty_project.core import wire


class PublicationJson(TypedDict):
    """`channel` is always API, the one value that the published clients take."""

    id: str
    object: Literal["publication"]
    created_at: str
    customer_id: str | None
    tracking_id: str | None
    metadata: dict[str, Any]
    channel: Literal["API"]
    source_id: str | None
    result: str
    failure_code: NotRequired[str]
    failure_message: NotRequired[str]
    customer: Any
    voucher: NotRequired[Any]
    vouchers: NotRequired[list[str]]
    vouchers_id: list[str]


def publication_json(publication: Publication, *, vouchers: Sequence[Voucher]) -> PublicationJson:
    """The answer to a publication; `vouchers` are its codes, annotated with their usage."""
    result = _base(publication)
    result["vouchers_id"] = [voucher.public_id for voucher in vouchers]
    if publication.voucher_id is not None:
        result["voucher"] = voucher_json(vouchers[0])
    else:
        result["vouchers"] = [voucher.code for voucher in vouchers]
    return result


def listed_publication_json(publication: Publication) -> PublicationJson:
    """The same in lists, where a single code is slim and several are ids."""
    result = _base(publication)
    result["vouchers_id"] = list(publication.voucher_ids)
    if publication.voucher is not None:
        result["voucher"] = slim_voucher_json(publication.voucher)
    else:
        result["vouchers"] = list(publication.voucher_ids)
    return result


def _base(publication: Publication) -> PublicationJson:
    customer = publication.customer
    result: PublicationJson = {
        "id": publication.public_id,
        "object": "publication",
        "created_at": wire.instant(publication.created_at),
        "customer_id": customer.public_id if customer else None,
        "tracking_id": publication.tracking_id or None,
        "metadata": publication.metadata,
        "channel": "API",
        "source_id": publication.source_id,
        "result": publication.result,
        "customer": customers_json.slim_json(customer) if customer else None,
        "vouchers_id": [],
    }
    if publication.failure_code:
        result["failure_code"] = publication.failure_code
        result["failure_message"] = publication.failure_message
    return result
