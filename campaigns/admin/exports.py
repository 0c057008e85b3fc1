"""Codes of a campaign as a CSV file, row by row, whatever their number."""

from typing import Any

from django.http import StreamingHttpResponse
from django.utils.text import slugify

from campaigns import queries
from campaigns.models import Campaign, Voucher
from loyalty_project.core import wire
from loyalty_project.core.admin import csv_export

COLUMNS = ["Code", "Active", "Published", "Redeemed", "Redemption limit", "Start", "Expiration"]


def codes_of(campaign: Campaign) -> StreamingHttpResponse:
    found = queries.with_usage(Voucher.objects.filter(campaign=campaign, deleted_at__isnull=True))
    rows = found.order_by("pk").iterator(chunk_size=2_000)
    name = slugify(campaign.name) or campaign.public_id
    return csv_export.download(f"{name}-codes.csv", COLUMNS, map(_row, rows))


def _row(voucher: Voucher) -> list[Any]:
    return [
        voucher.code,
        "TRUE" if voucher.active else "FALSE",
        voucher.publish_count,
        queries.redeemed_of(voucher),
        "" if voucher.redemption_limit is None else voucher.redemption_limit,
        wire.instant(voucher.starts_at) or "",
        wire.instant(voucher.expires_at) or "",
    ]
