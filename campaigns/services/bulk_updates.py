"""One set of metadata for many codes, or many sets, by a job."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from campaigns import queries
from campaigns.models import Voucher
from campaigns.services import vouchers
from loyalty_project.core import batches, bulk, clock, locks
from loyalty_project.core.errors import Busy, Invalid, LoyaltyError, NotFound
from loyalty_project.core.models import AsyncAction, Project

JOB = "campaigns.update_vouchers"


def start(*, project: Project, rows: Sequence[Mapping[str, Any]], at: datetime) -> AsyncAction:
    """Merge into each code's metadata its own: `[{"code", "metadata"}]`."""
    for index, row in enumerate(rows):
        if not row.get("code"):
            raise Invalid(f"Property [{index}] should have required property 'code'")
    return _start("VOUCHERS.BULK_UPDATE", project=project, rows=rows, at=at)


def start_metadata(
    *, project: Project, codes: Sequence[str], values: Mapping[str, Any], at: datetime
) -> AsyncAction:
    """Merge the same metadata into all of the codes."""
    rows = [{"code": code, "metadata": dict(values)} for code in codes]
    return _start("VOUCHERS.METADATA_UPDATE", project=project, rows=rows, at=at)


def start_switch(
    *, project: Project, codes: Sequence[str], active: bool, at: datetime
) -> AsyncAction:
    """Switch many codes on or off; each is off for everybody when its turn has come."""
    rows = [{"code": code, "active": active} for code in codes]
    return _start("VOUCHERS.BULK_UPDATE", project=project, rows=rows, at=at)


def write_rows(*, action: AsyncAction, lines: list[bulk.Line]) -> list[bulk.Failure]:
    """Change the codes of one chunk; what was refused. Codes that are unknown are not made."""
    known = _locked(lines)
    batch = batches.Batch(Voucher, at=clock.now())
    refused: list[bulk.Failure] = []
    for line in _in_order(lines, known):
        code = str(line.data["code"])
        try:
            if code not in known:
                raise NotFound.of("voucher", code)
            _change(action.project, known[code], line.data, batch)
        except Busy:
            raise
        except LoyaltyError as error:
            refused.append(bulk.failure(line, error, code=code))
    batch.save()
    return refused


def _locked(lines: list[bulk.Line]) -> dict[str, Voucher]:
    """The codes as they are while nobody changes them.

    Those that are switched are locked in their turn: redemptions lock a row after the code.
    """
    known = queries.vouchers_by_codes(codes=[str(line.data["code"]) for line in lines])
    switched = {str(line.data["code"]) for line in lines if "active" in line.data}
    keys = [voucher.pk for code, voucher in known.items() if code not in switched]
    rows = Voucher.objects.filter(pk__in=keys).order_by("pk")
    with locks.waiting():
        list(rows.select_for_update(no_key=True).values_list("pk"))
    return queries.vouchers_by_codes(codes=list(known))


def _in_order(lines: list[bulk.Line], known: Mapping[str, Voucher]) -> list[bulk.Line]:
    """By primary key, as every writer locks codes."""

    def place(line: bulk.Line) -> int:
        found = known.get(str(line.data["code"]))
        return found.pk if found is not None else 0

    return sorted(lines, key=place)


def _change(
    project: Project, voucher: Voucher, data: Mapping[str, Any], batch: batches.Batch
) -> None:
    if "active" in data:
        vouchers.set_active(project=project, voucher=voucher, active=data["active"], at=clock.now())
        return
    vouchers.set_metadata(project=project, voucher=voucher, values=data.get("metadata"))
    batch.add(voucher, ["metadata"])


def _start(
    kind: str, *, project: Project, rows: Sequence[Mapping[str, Any]], at: datetime
) -> AsyncAction:
    return bulk.start_rows(kind, project=project, job=JOB, rows=list(rows), at=at)
