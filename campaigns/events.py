"""What campaigns, codes and publications announce; the data is that of the API."""

from datetime import datetime
from typing import Any

from campaigns.models import Campaign, Publication, Voucher
from campaigns.serializers.campaign import campaign_json
from campaigns.serializers.publication import publication_json
from campaigns.serializers.voucher import voucher_json
from customers.serializers import customer as customers_json
from loyalty_project.core import outbox, wire


def campaign_changed(event: str, *, campaign: Campaign, at: datetime, **more: Any) -> None:
    """`campaign.created`, `.updated`, `.enabled`, `.disabled`, `.deleted` and its generations."""
    outbox.emit(
        event,
        project=campaign.project,
        subject=campaign.public_id,
        data={"campaign": campaign_json(campaign), **more},
        at=at,
    )


def generation_completed(*, campaign: Campaign, count: int, at: datetime) -> None:
    campaign_changed(
        "campaign.vouchers.generation.completed",
        campaign=campaign,
        at=at,
        count=count,
        completed_at=wire.instant(at),
    )


def voucher_changed(event: str, *, voucher: Voucher, at: datetime) -> None:
    """`voucher.created`, `.updated`, `.enabled`, `.disabled`, `.deleted`."""
    outbox.emit(
        event,
        project=voucher.project,
        subject=voucher.public_id,
        about=voucher.holder.public_id if voucher.holder else "",
        data={
            "voucher": voucher_json(voucher),
            "campaign": campaign_json(voucher.campaign) if voucher.campaign else None,
        },
        at=at,
    )


def published(*, publication: Publication, vouchers: list[Voucher], at: datetime) -> None:
    """`voucher.published` for each code and one `publication.succeeded`."""
    customer = publication.customer
    about = customer.public_id if customer else ""
    data: dict[str, Any] = {
        "customer": customers_json.slim_json(customer) if customer else None,
        "campaign": campaign_json(publication.campaign) if publication.campaign else None,
        "publication": publication_json(publication, vouchers=vouchers),
    }
    for voucher in vouchers:
        outbox.emit(
            "voucher.published",
            project=publication.project,
            subject=voucher.public_id,
            about=about,
            data={**data, "voucher": voucher_json(voucher)},
            at=at,
        )
    outbox.emit(
        "publication.succeeded",
        project=publication.project,
        subject=publication.public_id,
        about=about,
        data={**data, "voucher": voucher_json(vouchers[0]) if len(vouchers) == 1 else None},
        at=at,
    )
