"""What sessions hold: whose holds an operation takes the place of, and which have expired.

A row that limits something carries the sum of its holds. Whoever reads it takes off those of the
own session, which are no obstacle, and those whose time is over, which nobody may have taken off.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from loyalty_project.core.guarded import Statement
from loyalty_project.core.models import Project
from redemptions.models import Hold

_EXPIRED = (
    "SELECT 'voucher', voucher_id::text, sum(quantity) FROM redemptions_hold"
    " WHERE project_id = %(project)s AND expires_at <= %(at)s AND voucher_id = ANY(%(vouchers)s)"
    "{others} GROUP BY voucher_id"
    " UNION ALL SELECT 'account', account_id::text, sum(credits) FROM redemptions_hold"
    " WHERE project_id = %(project)s AND expires_at <= %(at)s AND account_id = ANY(%(accounts)s)"
    "{others} GROUP BY account_id"
    " UNION ALL SELECT 'counter', key, sum(amount::bigint)"
    " FROM redemptions_hold, jsonb_each_text(uses) AS each (key, amount)"
    " WHERE project_id = %(project)s AND expires_at <= %(at)s AND key = ANY(%(keys)s)"
    "{others} GROUP BY key"
)
_OTHERS = " AND id <> ALL(%(own)s)"
# Of a counter that has no row; the holds are what it must begin with.
HELD = (
    "(SELECT coalesce(sum((uses ->> %s)::bigint), 0) FROM redemptions_hold"
    " WHERE project_id = %s AND uses ? %s)"
)
_GONE = "DELETE FROM redemptions_hold WHERE id = ANY(%s)"
_NO_OTHER = "SELECT 1 FROM redemptions_hold WHERE project_id = %s AND session_key = %s{named}"
_NAMED = " AND (voucher_id = ANY(%s) OR promotion_tier_id = ANY(%s))"


@dataclass(frozen=True, slots=True)
class Session:
    """Whose holds. `is_whole` says that the request stands for all that the session holds.

    What is held is held for the `lifetime`, which the request calls `ttl` in `ttl_unit`. One that
    `is_new` got its key just now, and has nothing yet.
    """

    key: str
    is_whole: bool = False
    is_new: bool = False
    lifetime: timedelta = timedelta(days=7)
    ttl: float = 7
    ttl_unit: str = "DAYS"


@dataclass(frozen=True, slots=True)
class Own:
    """The holds that a request consumes or takes the place of; none of these is in its way."""

    session: Session | None = None
    rows: tuple[Hold, ...] = ()
    vouchers: tuple[int, ...] = ()
    tiers: tuple[int, ...] = ()
    quantities: Mapping[int, int] = field(default_factory=dict)
    credits: Mapping[int, int] = field(default_factory=dict)
    uses: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Expired:
    """Sums of holds that nobody has taken off yet, by primary key and by key of a counter."""

    quantities: Mapping[int, int] = field(default_factory=dict)
    credits: Mapping[int, int] = field(default_factory=dict)
    uses: Mapping[str, int] = field(default_factory=dict)


NOTHING = Own()


def own(session: Session | None, *, vouchers: Collection[int], tiers: Collection[int]) -> Own:
    """Those of a session that belong to these codes and tiers, or all; one query."""
    if session is None:
        return NOTHING
    rows = _rows(session, vouchers, tiers).order_by("pk")
    return of(rows, session, vouchers=vouchers, tiers=tiers)


def of(
    rows: Iterable[Hold],
    session: Session | None = None,
    *,
    vouchers: Collection[int] = (),
    tiers: Collection[int] = (),
) -> Own:
    """With the sums of what they hold."""
    found = tuple(rows)
    quantities: Counter[int] = Counter()
    money: Counter[int] = Counter()
    uses: Counter[str] = Counter()
    for hold in found:
        if hold.voucher_id is not None and hold.quantity:
            quantities[hold.voucher_id] += hold.quantity
        if hold.account_id is not None and hold.credits:
            money[hold.account_id] += hold.credits
        uses.update(hold.uses)
    return Own(session, found, tuple(vouchers), tuple(tiers), quantities, money, uses)


def expired(
    *,
    project: Project,
    own: Own,
    at: datetime,
    vouchers: Sequence[int] = (),
    accounts: Sequence[int] = (),
    keys: Sequence[str] = (),
) -> Expired:
    """Of others; one query, none where nothing is asked."""
    if not (vouchers or accounts or keys):
        return Expired()
    values: dict[str, Any] = {
        "project": project.pk,
        "at": at,
        "vouchers": list(vouchers),
        "accounts": list(accounts),
        "keys": list(keys),
        "own": [hold.pk for hold in own.rows],
    }
    sums: dict[str, dict[str, int]] = {"voucher": {}, "account": {}, "counter": {}}
    with connection.cursor() as cursor:
        cursor.execute(_EXPIRED.format(others=_OTHERS), values)
        for kind, name, amount in cursor.fetchall():
            sums[kind][name] = int(amount)
    return Expired(
        {int(pk): amount for pk, amount in sums["voucher"].items()},
        {int(pk): amount for pk, amount in sums["account"].items()},
        sums["counter"],
    )


def take(*, project: Project, own: Own) -> list[Statement]:
    """Delete the own holds, so that nobody else consumes them or gives them back.

    Before every other row is locked. They refuse where the session holds other things by now.
    """
    if own.session is None:
        return []
    found = []
    if own.rows:
        ids = [hold.pk for hold in own.rows]
        found.append(Statement(_GONE, (ids,), rows=len(ids), about="holds"))
    named, values = "", [project.pk, own.session.key]
    if not own.session.is_whole:
        named, values = _NAMED, [*values, list(own.vouchers), list(own.tiers)]
    found.append(Statement(_NO_OTHER.format(named=named), values, rows=0, about="session"))
    return found


def lock(own: Own) -> None:
    """Hold the rows of the own holds, as they are now, before any other row."""
    if own.session is not None:
        rows = _rows(own.session, own.vouchers, own.tiers).order_by("pk")
        list(rows.select_for_update(of=("self",), no_key=True).values_list("pk"))


def _rows(session: Session, vouchers: Collection[int], tiers: Collection[int]) -> QuerySet[Hold]:
    rows: QuerySet[Hold] = Hold.objects.filter(session_key=session.key)
    if session.is_whole:
        return rows
    return rows.filter(Q(voucher__in=vouchers) | Q(promotion_tier__in=tiers))


def gone(*, ids: Sequence[int]) -> Statement:
    """Delete holds; refuses where somebody else did so meanwhile."""
    return Statement(_GONE, (list(ids),), rows=len(ids), about="holds")


def session_name(project: Project, key: str) -> str:
    """The advisory name under which one request of a session comes after the other."""
    return f"{project.pk}:session:{key}"
