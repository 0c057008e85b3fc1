"""Codes of a campaign as a CSV file, row by row, whatever their number."""

import csv
from collections.abc import Iterator
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.text import slugify

from campaigns import queries
from campaigns.models import Campaign, Voucher
from loyalty_project.core import wire
from loyalty_project.core.admin import resources

COLUMNS = ["Code", "Active", "Published", "Redeemed", "Redemption limit", "Start", "Expiration"]


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def codes_of(campaign: Campaign) -> StreamingHttpResponse:
    # The rows are chosen here, where the project is open; they are read while they are sent.
    found = queries.with_usage(Voucher.objects.filter(campaign=campaign, deleted_at__isnull=True))
    rows = found.order_by("pk").iterator(chunk_size=2_000)
    response = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
    name = slugify(campaign.name) or campaign.public_id
    response["Content-Disposition"] = f'attachment; filename="{name}-codes.csv"'
    return response


def _lines(rows: Iterator[Voucher]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    # Spreadsheets read UTF-8 only where a file says so.
    yield "\ufeff" + str(writer.writerow(COLUMNS))
    for voucher in rows:
        yield str(writer.writerow(_row(voucher)))


def _row(voucher: Voucher) -> list[Any]:
    return [
        resources.neutral(voucher.code),
        "TRUE" if voucher.active else "FALSE",
        voucher.publish_count,
        queries.redeemed_of(voucher),
        "" if voucher.redemption_limit is None else voucher.redemption_limit,
        wire.instant(voucher.starts_at) or "",
        wire.instant(voucher.expires_at) or "",
    ]
