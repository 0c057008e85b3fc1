"""Codes from a list or a CSV file: into a campaign, or of their own."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.db import transaction

from campaigns import queries
from campaigns.models import Campaign, Voucher
from campaigns.services import counting, csv_rows, definitions, kinds, state, vouchers
from loyalty_project.core import bulk, clock
from loyalty_project.core.errors import Busy, Invalid, LoyaltyError, NotFound
from loyalty_project.core.models import AsyncAction, Project

JOB = "campaigns.import_vouchers"
CSV_JOB = "campaigns.import_vouchers_csv"


class DuplicateCodes(Invalid):
    key = "duplicate_key"
    message = "Duplicate codes"


def start(
    *,
    project: Project,
    rows: Sequence[Mapping[str, Any]],
    at: datetime,
    campaign: Campaign | None = None,
    announce: bool = False,
) -> AsyncAction:
    """Import codes as on the wire; those that exist already are reported as failed.

    `announce` emits voucher.created for each. Raises DuplicateCodes for a code that comes twice,
    InvalidVoucher for rows without one.
    """
    _check_codes(rows)
    if campaign is not None:
        kinds.refuse_more_codes(campaign=campaign)
        for index, row in enumerate(rows):
            definitions.refuse_later(data=row, path=f"[{index}]")
    return bulk.start_rows(
        "VOUCHERS.IMPORT" if campaign is None else "CAMPAIGN.VOUCHERS_IMPORT",
        project=project,
        job=JOB,
        rows=[_plain(row) for row in rows],
        at=at,
        params={"campaign": campaign.pk if campaign else None, "announce": announce},
        subject=campaign.public_id if campaign else "",
    )


def start_csv(
    *, project: Project, upload: File, at: datetime, campaign: Campaign | None = None
) -> AsyncAction:
    """Import a CSV file with the published headers; amounts are in major units.

    Codes that exist already are changed. Raises uploads.UnreadableFile.
    """
    if campaign is not None:
        kinds.refuse_more_codes(campaign=campaign)
    return bulk.start_csv(
        "VOUCHERS.IMPORT_CSV" if campaign is None else "CAMPAIGN.VOUCHERS_IMPORT_CSV",
        project=project,
        job=CSV_JOB,
        upload=upload,
        at=at,
        params={"campaign": campaign.pk if campaign else None, "announce": False},
        subject=campaign.public_id if campaign else "",
        required=["code"] if campaign else ["code", "voucher type", "value"],
    )


def write_rows(*, action: AsyncAction, lines: list[bulk.Line]) -> list[bulk.Failure]:
    """Make the codes of one chunk; what was refused."""
    campaign = _campaign(action)

    def write(line: bulk.Line) -> None:
        _create(action, campaign, line.data)

    return _each(lines, write)


def write_csv(*, action: AsyncAction, lines: list[bulk.Line]) -> list[bulk.Failure]:
    """Make or change the codes of one chunk of a CSV file; what was refused."""
    campaign = _campaign(action)
    reader = csv_rows.Reader(action.project, campaign=campaign, at=clock.now())

    def write(line: bulk.Line) -> None:
        row = reader.read(line.data)
        known = queries.vouchers_by_codes(codes=[row.data["code"]]).get(row.data["code"])
        if known is None:
            _set_redeemed(_create(action, campaign, row.data), row.redeemed)
        elif known.campaign_id != (campaign.pk if campaign else None):
            raise vouchers.DuplicateVoucher(f"{known.code} belongs elsewhere")
        else:
            data = {name: value for name, value in row.data.items() if name != "code"}
            known = vouchers.update(
                project=action.project, voucher=known, data=data, at=clock.now()
            )
            _raise_redeemed(action.project, known, row.redeemed)

    return _each(lines, write, code_of=lambda cells: csv_rows.code_of(cells=cells))


def _create(action: AsyncAction, campaign: Campaign | None, data: Mapping[str, Any]) -> Voucher:
    announce = bool(action.params.get("announce"))
    at = clock.now()
    code = str(data["code"])
    if campaign is None:
        own = {
            name: value for name, value in data.items() if name not in {"campaign", "campaign_id"}
        }
        return vouchers.create(
            project=action.project,
            data={"type": "GIFT_VOUCHER" if own.get("gift") else "DISCOUNT_VOUCHER", **own},
            code=code,
            at=at,
            announce=announce,
        )
    return vouchers.issue(
        project=action.project, campaign=campaign, data=data, code=code, at=at, announce=announce
    )


def _set_redeemed(voucher: Voucher, redeemed: int | None) -> None:
    """Uses that another system counted; they count against the limit."""
    if redeemed is None:
        return
    limit = voucher.redemption_limit
    if limit is not None and redeemed > limit:
        raise vouchers.InvalidVoucher("Redeemed quantity is above the redemption limit")
    Voucher.objects.filter(pk=voucher.pk).update(redeemed_count=redeemed)


def _raise_redeemed(project: Project, voucher: Voucher, redeemed: int | None) -> None:
    """The same for a code whose uses are counted here, after a change that holds its lock.

    They stay counted: each can still be rolled back.
    """
    if redeemed is None:
        return
    counting.fold_voucher(project=project, voucher=voucher)
    voucher.refresh_from_db(fields=["redeemed_count"])
    if redeemed < voucher.redeemed_count:
        raise vouchers.InvalidVoucher(
            f"Redeemed quantity is below {voucher.redeemed_count}, for so often is the code"
            " redeemed"
        )
    _set_redeemed(voucher, redeemed)


def _each(
    lines: list[bulk.Line],
    write: Callable[[bulk.Line], None],
    code_of: Callable[[Any], Any] = lambda data: data.get("code"),
) -> list[bulk.Failure]:
    refused: list[bulk.Failure] = []
    for line in _in_order(lines, code_of):
        try:
            with transaction.atomic():
                write(line)
        except Busy:
            raise
        except LoyaltyError as error:
            refused.append(bulk.failure(line, error, code=code_of(line.data)))
    return refused


def _in_order(lines: list[bulk.Line], code_of: Callable[[Any], Any]) -> list[bulk.Line]:
    """As every writer locks codes: stored ones by primary key, then new ones by code."""
    codes = {line.number: str(code_of(line.data) or "") for line in lines}
    known = queries.vouchers_by_codes(codes=list(codes.values()))

    def place(line: bulk.Line) -> tuple[bool, int, str]:
        code = codes[line.number]
        found = known.get(code)
        return found is None, found.pk if found is not None else 0, queries.code_key(code)

    return sorted(lines, key=place)


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON: instants become texts."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in row.items()
    }


def _campaign(action: AsyncAction) -> Campaign | None:
    pk = action.params.get("campaign")
    if pk is None:
        return None
    found: Campaign | None = queries.campaigns().filter(pk=pk).first()
    if found is None:
        raise NotFound(state.DELETED)
    return found


def _check_codes(rows: Sequence[Mapping[str, Any]]) -> None:
    missing = sum(not row.get("code") for row in rows)
    if missing:
        raise vouchers.InvalidVoucher(f"Found {missing} voucher(s) without 'code' value")
    keys = [queries.code_key(str(row["code"])) for row in rows]
    twice = len(keys) - len(set(keys))
    if twice:
        raise DuplicateCodes(f"{twice} voucher codes(s) already exist.")
