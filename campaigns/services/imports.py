"""Codes from a list or a CSV file: into a campaign, or of their own."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.core.files.base import File
from django.db import transaction

from campaigns import queries
from campaigns.models import Campaign, Voucher
from campaigns.services import (
    counting,
    csv_rows,
    definitions,
    kinds,
    new_codes,
    state,
    unchanged,
    vouchers,
)
from campaigns.services.codes import key_of
from loyalty_project.core import bulk, clock
from loyalty_project.core.errors import Busy, Invalid, LoyaltyError, NotFound
from loyalty_project.core.models import AsyncAction, Project

JOB = "campaigns.import_vouchers"
CSV_JOB = "campaigns.import_vouchers_csv"
# An import of codes of their own names none.
_CAMPAIGN = frozenset({"campaign", "campaign_id"})
Placed = tuple[bulk.Line, csv_rows.Row]


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
    """Make the codes of one chunk; what was refused. May raise bulk.Fewer."""
    chunk = _Chunk(action, can_change=False)
    return chunk.write([(line, csv_rows.Row(line.data, None)) for line in lines])


def write_csv(*, action: AsyncAction, lines: list[bulk.Line]) -> list[bulk.Failure]:
    """Make or change the codes of one chunk of a CSV file; what was refused.

    May raise bulk.Fewer.
    """
    chunk = _Chunk(action, can_change=True)
    reader = csv_rows.Reader(action.project, campaign=chunk.campaign, at=chunk.at)
    rows = []
    for line in lines:
        try:
            rows.append((line, reader.read(line.data)))
        except Invalid as error:
            code = csv_rows.code_of(cells=line.data)
            chunk.refused.append(bulk.failure(line, error, code=code))
    return chunk.write(rows)


class _Chunk:
    """Codes of one transaction: plain new ones are written together, others one by one."""

    def __init__(self, action: AsyncAction, *, can_change: bool) -> None:
        self.action, self.project, self.at = action, action.project, clock.now()
        self.campaign, self.can_change = _campaign(action), can_change
        self.announce = bool(action.params.get("announce"))
        self.refused: list[bulk.Failure] = []

    def write(self, rows: Sequence[Placed]) -> list[bulk.Failure]:
        """What was refused. Raises Busy, and Fewer where rows of many take locks of their own."""
        codes = [str(row.data["code"]) for _line, row in rows]
        self.known, self.taken = queries.known_codes(codes=codes)
        fresh = new_codes.NewCodes(project=self.project, campaign=self.campaign, at=self.at)
        later = [placed for placed in rows if self._tried(placed, partial(self._sort_in, fresh))]
        if later and len(rows) > bulk.SMALL_CHUNK:
            raise bulk.Fewer
        fresh.save()
        for placed in self._in_order(later):
            self._tried(placed, self._write_one)
        return self.refused

    def _tried(self, placed: Placed, write: Callable[[csv_rows.Row], bool]) -> bool:
        line, row = placed
        try:
            return write(row)
        except Busy:
            raise
        except LoyaltyError as error:
            self.refused.append(bulk.failure(line, error, code=row.data["code"]))
            return False

    def _sort_in(self, fresh: new_codes.NewCodes, row: csv_rows.Row) -> bool:
        """Keep a plain new code; whether it is left for later. What stays as it is, is not."""
        code = str(row.data["code"])
        known, key = self.known.get(code), key_of(code=code, project=self.project)
        is_own = self.announce or new_codes.has_own(data=row.data)
        if known is None and (is_own or key in fresh):
            return True
        if known is None:
            if key in self.taken:
                raise vouchers.duplicate(code=code)
            fresh.add(key=key, data=row.data, redeemed=row.redeemed)
            return False
        if not self.can_change:
            raise vouchers.duplicate(code=known.code)
        if known.campaign_id != (self.campaign.pk if self.campaign else None):
            raise vouchers.DuplicateVoucher(f"{known.code} belongs elsewhere")
        return not unchanged.leaves(voucher=known, data=row.data, redeemed=row.redeemed)

    def _write_one(self, row: csv_rows.Row) -> bool:
        with transaction.atomic():
            code = row.data["code"]
            known = queries.vouchers_by_codes(codes=[code]).get(code) if self.can_change else None
            if known is None:
                _set_redeemed(self._create(row.data), row.redeemed)
                return True
            data = {name: value for name, value in row.data.items() if name != "code"}
            known = vouchers.update(project=self.project, voucher=known, data=data, at=self.at)
            _raise_redeemed(self.project, known, row.redeemed)
            return True

    def _create(self, data: Mapping[str, Any]) -> Voucher:
        code = str(data["code"])
        if self.campaign is not None:
            return vouchers.issue(
                project=self.project,
                campaign=self.campaign,
                data=data,
                code=code,
                at=self.at,
                announce=self.announce,
            )
        kind = "GIFT_VOUCHER" if data.get("gift") else "DISCOUNT_VOUCHER"
        own = {name: value for name, value in data.items() if name not in _CAMPAIGN}
        return vouchers.create(
            project=self.project,
            data={"type": kind, **own},
            code=code,
            at=self.at,
            announce=self.announce,
        )

    def _in_order(self, rows: Sequence[Placed]) -> list[Placed]:
        """As every writer locks codes: stored ones by primary key, then new ones by code."""

        def place(placed: Placed) -> tuple[bool, int, str]:
            code = str(placed[1].data["code"])
            found = self.known.get(code)
            return found is None, found.pk if found is not None else 0, queries.code_key(code)

        return sorted(rows, key=place)


def _set_redeemed(voucher: Voucher, redeemed: int | None) -> None:
    """Uses that another system counted; they count against the limit."""
    if redeemed is None:
        return
    limit = voucher.redemption_limit
    if limit is not None and redeemed > limit:
        raise vouchers.InvalidVoucher(new_codes.OVER_LIMIT)
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
