"""How often codes are used: guarded statements, and the folding of what was only appended.

A code with a limit is counted in its row, where the limit is the guard. One without is counted by
appending UsageDelta rows, so that its users never wait for each other.
"""

from collections.abc import Sequence
from datetime import datetime

import structlog
from django.db import IntegrityError, connection, transaction

from campaigns.models import Voucher
from loyalty_project.core import guarded, locks
from loyalty_project.core.models import Project

log = structlog.get_logger(__name__)
_FOLD_LOCK = 14 << 40
_FOLD_BATCH = 10_000
# The conditions name what was evaluated: a code that changed since is read and evaluated again.
_CONSUME_LIMITED = (
    "UPDATE campaigns_voucher SET redeemed_count = redeemed_count + %s,"
    " held_count = held_count + %s"
    " WHERE id = %s AND active AND deleted_at IS NULL AND definition_id = %s"
    " AND starts_at IS NOT DISTINCT FROM %s AND expires_at IS NOT DISTINCT FROM %s"
    " AND redeemed_count + held_count + %s <= redemption_limit"
)
_RELEASE = "UPDATE campaigns_voucher SET held_count = held_count - %s WHERE id = %s"
_CONSUME_UNLIMITED = (
    "INSERT INTO campaigns_usagedelta (project_id, voucher_id, count, created_at, updated_at)"
    " SELECT project_id, id, %s, %s, %s FROM campaigns_voucher"
    " WHERE id = %s AND active AND deleted_at IS NULL AND definition_id = %s"
    " AND starts_at IS NOT DISTINCT FROM %s AND expires_at IS NOT DISTINCT FROM %s"
    " AND redemption_limit IS NULL"
)
_GIVE_BACK_LIMITED = (
    "UPDATE campaigns_voucher SET redeemed_count = redeemed_count - %s"
    " WHERE id = %s AND redemption_limit IS NOT NULL AND redeemed_count >= %s"
)
_GIVE_BACK_UNLIMITED = (
    "INSERT INTO campaigns_usagedelta (project_id, voucher_id, count, created_at, updated_at)"
    " SELECT project_id, id, -%s, %s, %s FROM campaigns_voucher"
    " WHERE id = %s AND redemption_limit IS NULL"
)

# Codes that somebody else holds wait for the next fold, so that a fold waits for nobody.
_HOLD_WAITING = (
    "SELECT id FROM campaigns_voucher"
    " WHERE id IN (SELECT voucher_id FROM campaigns_usagedelta WHERE project_id = %s)"
    " ORDER BY id FOR NO KEY UPDATE SKIP LOCKED"
)
_FOLD = (
    "WITH folded AS (DELETE FROM campaigns_usagedelta WHERE id IN"
    " (SELECT id FROM campaigns_usagedelta WHERE voucher_id = ANY(%s) ORDER BY id LIMIT %s)"
    " RETURNING voucher_id, count),"
    " sums AS (SELECT voucher_id, sum(count) AS uses, count(*) AS moved FROM folded GROUP BY 1),"
    " counted AS (UPDATE campaigns_voucher SET redeemed_count = redeemed_count + uses"
    " FROM sums WHERE id = voucher_id)"
    " SELECT coalesce(sum(moved), 0) FROM sums"
)


def consume(*, voucher: Voucher, at: datetime, times: int = 1, own: int = 0) -> guarded.Statement:
    """Count a use; refuses when the code is off, changed, deleted, used up or held meanwhile.

    `own` are the uses that were held for this one, and are not any more. Run `state.share` before,
    and codes with a limit in order of their primary keys.
    """
    if voucher.redemption_limit is None:
        values = (times, at, at, *_seen(voucher))
        about = f"voucher {voucher.code}"
        return guarded.Statement(_CONSUME_UNLIMITED, values, rows=1, about=about)
    return _limited(voucher, used=times, held=-own)


def hold(*, voucher: Voucher, own: int = 0) -> guarded.Statement:
    """Hold a use of a code with a limit, in the place of the `own` ones; refuses as `consume`."""
    return _limited(voucher, used=0, held=1 - own)


def release(*, voucher: int, times: int) -> guarded.Statement:
    """Let go of held uses of a code, by its key; nothing happens where it is gone."""
    return guarded.Statement(_RELEASE, (times, voucher), about=f"voucher {voucher}")


def _limited(voucher: Voucher, *, used: int, held: int) -> guarded.Statement:
    values = (used, held, *_seen(voucher), used + held)
    return guarded.Statement(_CONSUME_LIMITED, values, rows=1, about=f"voucher {voucher.code}")


def _seen(voucher: Voucher) -> tuple[object, ...]:
    return (voucher.pk, voucher.definition_id, voucher.starts_at, voucher.expires_at)


def give_back(*, voucher: Voucher, at: datetime, times: int = 1) -> guarded.Statement:
    """Take a use back; refuses only when the code became limited or unlimited since it was read."""
    about = f"voucher {voucher.code}"
    if voucher.redemption_limit is None:
        return guarded.Statement(
            _GIVE_BACK_UNLIMITED, (times, at, at, voucher.pk), rows=1, about=about
        )
    return guarded.Statement(_GIVE_BACK_LIMITED, (times, voucher.pk, times), rows=1, about=about)


def fold(*, project: Project) -> int:
    """Move appended uses of a project into the codes' own counts; the number of rows moved.

    A code's row is locked first, so that a use is never folded after the rollback that takes it
    back. A code whose count cannot be right keeps its open uses, and is logged.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_FOLD_LOCK | project.pk])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_HOLD_WAITING, [project.pk])
        keys = [pk for (pk,) in cursor.fetchall()]
        try:
            with transaction.atomic():
                return _fold(keys)
        except IntegrityError:
            return sum(_fold_alone(pk) for pk in keys)


def fold_voucher(*, project: Project, voucher: Voucher) -> None:
    """Leave no open uses of a code, in the caller's transaction and under its exclusive lock."""
    del project
    row = Voucher.objects.select_for_update(no_key=True).filter(pk=voucher.pk)
    with locks.waiting():
        row.values_list("pk").first()
    while _fold([voucher.pk]) == _FOLD_BATCH:
        continue


def _fold_alone(pk: int) -> int:
    try:
        with transaction.atomic():
            return _fold([pk])
    except IntegrityError:
        log.exception("fold_refused", voucher=pk)
        return 0


def _fold(keys: Sequence[int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_FOLD, [list(keys), _FOLD_BATCH])
        return int(cursor.fetchone()[0])
