"""Letting go of what sessions hold: by hand, and when its time is over."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from campaigns.models import PromotionTier, Voucher
from campaigns.services import counting
from loyalty_project.core import guarded, locks
from loyalty_project.core.errors import NotFound
from loyalty_project.core.models import Project
from redemptions import usage
from redemptions.context import Loaded
from redemptions.models import Hold
from rewards import ledger

BATCH = 100


def release_voucher(*, project: Project, voucher: Voucher, session_key: str, at: datetime) -> None:
    """Let go of what a session holds of a code. Raises NotFound."""
    rows = Hold.objects.filter(session_key=session_key, voucher=voucher)
    _release_all(project, rows, session_key, at=at)


def release_tier(*, project: Project, tier: PromotionTier, session_key: str, at: datetime) -> None:
    """The same of a promotion tier."""
    rows = Hold.objects.filter(session_key=session_key, promotion_tier=tier)
    _release_all(project, rows, session_key, at=at)


def release_session(*, project: Project, session_key: str, at: datetime) -> None:
    """Let go of all that a session holds. Raises NotFound."""
    _release_all(project, Hold.objects.filter(session_key=session_key), session_key, at=at)


def release_hold(*, project: Project, hold: Hold, at: datetime) -> None:
    """Let go of one hold. Raises NotFound for one that is redeemed or gone."""
    _release_all(project, Hold.objects.filter(pk=hold.pk), hold.session_key, at=at)


def release_expired(*, project: Project, seen: Loaded, at: datetime) -> None:
    """Let go of what has expired of what a request wants to use, so that nothing waits for a sweep.

    In transactions of its own.
    """
    keys = [usage.key_of(counter) for counter in seen.kept]
    vouchers = [row.pk for row in seen.vouchers]
    accounts = [row.account_id for row in seen.vouchers if row.account_id is not None]
    of_these = Q(voucher__in=vouchers) | Q(account__in=accounts) | Q(uses__has_any_keys=keys)
    rows = Hold.objects.filter(of_these, expires_at__lte=at)
    while _release_some(project, rows, at=at) == BATCH:
        continue


def sweep(*, project: Project, at: datetime) -> int:
    """Let go of holds that have expired, the oldest first; how many of one batch it were."""
    return _release_some(project, Hold.objects.filter(expires_at__lte=at), at=at)


def _release_all(project: Project, rows: QuerySet[Hold], session_key: str, *, at: datetime) -> None:
    found = list(rows.order_by("pk"))
    if not found or not _let_go(project, found, at=at, waits=True):
        raise NotFound.of("session", session_key)


def _release_some(project: Project, rows: QuerySet[Hold], *, at: datetime) -> int:
    found = list(rows.order_by("expires_at", "pk")[:BATCH])
    return _let_go(project, found, at=at, waits=False) if found else 0


@locks.patience()
def _let_go(project: Project, found: Sequence[Hold], *, at: datetime, waits: bool) -> int:
    """Delete holds and give back what they keep: accounts, codes, counters; how many it were.

    What others are about to use or release is waited for, or left to them.
    """
    names = {usage.turnstile_of(project, key) for hold in found for key in hold.uses}
    with locks.waiting(), transaction.atomic():
        guarded.run([usage.take(alone=(), shared=names)])
        rows = Hold.objects.filter(pk__in=[hold.pk for hold in found]).order_by("pk")
        rows = rows.select_for_update(of=("self",), skip_locked=not waits)
        own = usage.of(rows)
        if own.rows:
            for hold in own.rows if waits else ():
                # Who did it by hand stands in the history.
                hold.delete()
            guarded.run(
                [
                    *(() if waits else (usage.gone(ids=[hold.pk for hold in own.rows]),)),
                    *(
                        ledger.release(account=pk, amount=amount, at=at)
                        for pk, amount in sorted(own.credits.items())
                    ),
                    *(
                        counting.release(voucher=pk, times=times)
                        for pk, times in sorted(own.quantities.items())
                    ),
                    *usage.release(project=project, own=own, at=at),
                ]
            )
    return len(own.rows)
