"""Guards taken out of this process, one at a time, to see that a run without them fails.

Each puts something else in the place of what guards, for as long as its block lasts.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from campaigns.engine import validity
from campaigns.engine.counters import first_day
from campaigns.engine.rules import counted
from campaigns.services import counting, state
from loyalty_project.core import dispatch, guarded, outbox
from loyalty_project.core.api import idempotency
from loyalty_project.core.models import IdempotencyRecord
from redemptions import usage
from redemptions.management.proving.swapping import swapped
from redemptions.models import Redemption, RedemptionRollback
from redemptions.services import reversals, rollback_rows
from redemptions.usage import possible, statements, turnstiles, undoing
from rewards.ledger import statements as postings

Off = AbstractContextManager[Any]
_NOTHING = guarded.Statement("SELECT 1")


@dataclass(frozen=True, slots=True)
class Mutation:
    """`scenario` is where it shows that the guard is gone."""

    says: str
    scenario: str
    off: Callable[[], Off]


@contextmanager
def _edited(target: Any, name: str, *changes: tuple[str, str]) -> Iterator[None]:
    """A statement with other words. Raises LookupError where it does not have the old ones."""
    text = getattr(target, name)
    for old, new in changes:
        if old not in text:
            raise LookupError(f"{name} says nothing of {old!r}")
        text = text.replace(old, new)
    with swapped(target, name, text):
        yield


def _code_limit() -> Off:
    """The count stops at the limit, or the constraint of the table would be the guard."""
    counts = ("= redeemed_count + %s,", "= least(redeemed_count + %s, redemption_limit),")
    guard = ("redeemed_count + held_count + %s <= redemption_limit", "%s IS NOT NULL")
    return _edited(counting, "_CONSUME_LIMITED", counts, guard)


def _held() -> Off:
    """A code counts its uses alone."""
    return _edited(
        counting, "_CONSUME_LIMITED", ("redeemed_count + held_count + %s", "redeemed_count + %s")
    )


@contextmanager
def _own_hold() -> Iterator[None]:
    """A session redeems and keeps its hold, to redeem again."""
    with swapped(usage, "take_holds", lambda **_own: []):
        yield


def _counter_limit() -> Off:
    return swapped(usage.Room, "guard", lambda _room, _of, _own=0: ([], []))


def _balance() -> Off:
    """The balance stops at what is held, or the constraints of the table would be the guard."""
    moves = "SET balance = balance + %s"
    stops = "SET balance = greatest(balance + %s, held)"
    guard = ("balance - held + %s - %s + %s >= -overdraft", "%s + %s + %s IS NOT NULL")
    return _edited(postings, "_POST", (moves, stops), guard)


@contextmanager
def _names() -> Iterator[None]:
    with ExitStack() as stack:
        for module in (usage, turnstiles):
            stack.enter_context(swapped(module, "take", lambda **_names: _NOTHING))
        yield


@contextmanager
def _configuration() -> Iterator[None]:
    with (
        swapped(state, "share", lambda **_rows: []),
        swapped(state, "share_combinations", lambda **_project: []),
    ):
        yield


@contextmanager
def _once() -> Iterator[None]:
    """The second one is taken for the first, also where the index of the table knows better."""
    write = rollback_rows.write

    def again(*, rows: Any, **values: Any) -> Any:
        try:
            with transaction.atomic():
                return write(rows=rows, **values)
        except IntegrityError:
            made = RedemptionRollback.objects.filter(redemption__in=rows, result="SUCCESS")
            return list(made.select_related("redemption").order_by("pk"))

    def held(*, rows: Any) -> Any:
        found = Redemption.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk")
        list(found.select_for_update(of=("self",), no_key=True))
        return found

    with swapped(rollback_rows, "write", again), swapped(reversals, "hold", held):
        yield


def _given_back() -> Off:
    return _edited(undoing, "_TAKE", ("used - %s", "used - 0 * %s"))


@contextmanager
def _key() -> Iterator[None]:
    """Every request is the first under its key."""
    with _edited(
        idempotency,
        "_CLAIM",
        ("core_idempotencyrecord.expires_at <= EXCLUDED.created_at", "true"),
    ):
        yield


@contextmanager
def _key_with_effect() -> Iterator[None]:
    """First the effect, and some time later the key."""
    once = idempotency.once

    def apart(request: Any, *, run: Callable[[], Any], **values: Any) -> Any:
        key = request.headers.get(idempotency.HEADER)
        if IdempotencyRecord.objects.filter(key=key).exists():
            return once(request, run=run, **values)
        response = run()
        time.sleep(0.4)
        return once(request, run=lambda: response, **values)

    with swapped(idempotency, "once", apart):
        yield


def _told() -> Off:
    return swapped(outbox, "statements", lambda _happenings, **_values: [])


def _delivered() -> Off:
    return swapped(dispatch, "_deliver_to_subscribers", lambda _event, **_values: None)


def _window() -> Off:
    def ended(frame: Any, at: datetime) -> bool:
        return frame.ends_at is not None and at > frame.ends_at

    return swapped(validity, "has_ended", ended)


@contextmanager
def _border() -> Iterator[None]:
    """Days of Greenwich for everybody."""

    def day(period: Any, at: datetime, _zone: Any, week_start: int) -> date | None:
        return first_day(period, at, UTC, week_start)

    with swapped(counted, "first_day", day), swapped(possible, "first_day", day):
        yield


def _new_customers() -> Off:
    def rooms(named: Mapping[Any, int], limits: Mapping[Any, usage.Room]) -> Any:
        return {counter: limits.get(counter, usage.Room()) for counter in named}

    return swapped(statements, "_rooms", rooms)


def _own_rows() -> Off:
    """Folding takes the codes of the neighbour too, who was made a moment later."""
    return _edited(counting, "_HOLD_WAITING", ("project_id = %s", "project_id >= %s"))


MUTATIONS: Mapping[str, Mutation] = {
    "code-limit": Mutation("the limit of a code as a condition", "codes", _code_limit),
    "counter-limit": Mutation("limits as conditions of counters", "amounts", _counter_limit),
    "balance": Mutation("what there is as a condition of a payment", "cards", _balance),
    "held": Mutation("what is held is not left for others", "holds", _held),
    "own-hold": Mutation("a hold is consumed once", "holds", _own_hold),
    "new-customers": Mutation("who is new counts once", "customers", _new_customers),
    "names": Mutation("whoever makes a counter is alone", "later", _names),
    "configuration": Mutation("what was decided on is still so", "switches", _configuration),
    "rollback-once": Mutation("what is taken back is gone", "rollbacks", _once),
    "given-back": Mutation("a rollback takes off counters", "rollbacks", _given_back),
    "key": Mutation("an Idempotency-Key is there once", "submits", _key),
    "key-with-effect": Mutation("key and effect in one transaction", "kills", _key_with_effect),
    "told": Mutation("an event in the transaction of its change", "carts", _told),
    "delivered": Mutation("a delivery for each subscriber", "carts", _delivered),
    "window": Mutation("an end is not part of the time", "edges", _window),
    "border": Mutation("days begin where the shop is", "edges", _border),
    "own-rows": Mutation("each statement names its project", "folds", _own_rows),
}
