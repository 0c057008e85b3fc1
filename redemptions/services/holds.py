"""Holding what a valid request would use, for its session and for a time."""

from collections import Counter as Bag
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError, transaction

from campaigns.engine import evaluate
from campaigns.engine.effects.credit import CreditDiscount
from campaigns.engine.results import Applied
from campaigns.models import Voucher
from campaigns.services import counting
from customers.models import Customer
from loyalty_project.core import guarded, locks
from loyalty_project.core.errors import Busy
from loyalty_project.core.guarded import GuardRefused, Statement
from loyalty_project.core.models import Project
from redemptions import context, usage
from redemptions.models import Hold
from redemptions.services import buyers, counts, guards, payments, releases
from redemptions.services.validations import Validated

HELD_TRIES = 3


@locks.patience()
def hold(*, project: Project, validated: Validated, at: datetime) -> Validated:
    """Hold for the session of a request what it would use, in the place of what it held before.

    The answer is the validation, as it is when it is held: it may have become a refusal. Nothing
    is held where nothing is valid, and what the session holds then stays. What has no limit is
    noted and locks nothing. Raises Busy where the same rows are fought over too long.
    """
    loaded = validated.loaded
    if loaded.own.session is None:
        return validated
    if not validated.evaluation.valid:
        return _hold_held(project, validated, at=at) if _may_be_own(loaded) else validated
    if loaded.has_expired:
        releases.release_expired(project=project, seen=loaded, at=at)
    try:
        with locks.waiting(), transaction.atomic():
            wanted = [use.counter for use in _counted(validated).uses]
            begun = guards.share(
                project=project, request=validated.request, loaded=loaded, counters=wanted
            )
            _commit(project, validated, begun, at=at)
            return validated
    except (GuardRefused, IntegrityError, locks.Crossed):
        return _hold_held(project, validated, at=at)


def _may_be_own(loaded: context.Loaded) -> bool:
    """Whether what was held elsewhere when it was read may be of this session, by another call."""
    held = any(loaded.context.held.values()) or any(v.held_count for v in loaded.vouchers)
    return held and loaded.own.session is not None and not loaded.own.session.is_new


def _hold_held(project: Project, validated: Validated, *, at: datetime) -> Validated:
    """Read and decide again with the rows locked, as a redemption does it."""
    request, seen = validated.request, validated.loaded
    for _ in range(HELD_TRIES):
        if seen.has_expired:
            releases.release_expired(project=project, seen=seen, at=at)
        try:
            with locks.waiting(), transaction.atomic():
                begun, loaded = guards.lock(project=project, request=request, seen=seen, at=at)
                seen = loaded
                counts.check(project=project, request=request, begun=begun, loaded=loaded)
                evaluation = evaluate.evaluate(loaded.context)
                again = replace(validated, loaded=loaded, evaluation=evaluation)
                if evaluation.valid:
                    _commit(project, again, begun, at=at)
                return again
        except (GuardRefused, IntegrityError, locks.Crossed) as error:
            refused = error
    raise Busy(extra={"retry_after": 1}) from refused


def _commit(project: Project, validated: Validated, begun: counts.Begun, *, at: datetime) -> None:
    """The own holds first, then cards, codes with a limit and counters; hot rows last."""
    loaded, own = validated.loaded, validated.loaded.own
    guarded.run(usage.take_holds(project=project, own=own))
    customer = _customer(project, validated, at=at)
    shared = counts.hold(
        project=project,
        counted=_counted(validated),
        begun=begun,
        loaded=loaded,
        customer=customer,
        at=at,
    )
    made = _rows(project, validated, customer, at=at)
    vouchers = {voucher.pk: voucher for voucher in loaded.vouchers}
    money = {row.account_id: row.credits for row in made if row.account_id is not None}
    accounts = [v.account for v in vouchers.values() if v.account and v.account_id in money]
    limited = [vouchers[row.voucher_id] for row in made if row.voucher_id and row.quantity]
    guarded.run(
        [
            *payments.hold(credits_of=money, accounts=accounts, own=own, at=at),
            *_codes(limited, own),
            *shared,
        ]
    )
    Hold.objects.bulk_create(made)


def _counted(validated: Validated) -> counts.Counted:
    return counts.of(applied=validated.evaluation.applied)


def _customer(project: Project, validated: Validated, *, at: datetime) -> Customer | None:
    """Whoever has something counted for himself is stored, so that it is his under one name."""
    request, loaded = validated.request, validated.loaded
    asked = loaded.context.customer
    if loaded.customer is not None or asked is None or not asked.source_id:
        return loaded.customer
    whose = f"customer:{asked.identity}"
    is_asked = any(use.counter.per == whose for use in _counted(validated).uses)
    if not is_asked or not buyers.may_make(project=project, request=request):
        return None
    return buyers.store(project=project, request=request, loaded=loaded, at=at)


def _codes(limited: Sequence[Voucher], own: usage.Own) -> list[Statement]:
    """Codes by key: those to hold, and those that were held and are not any more."""
    found = {
        voucher.pk: counting.hold(voucher=voucher, own=own.quantities.get(voucher.pk, 0))
        for voucher in limited
    }
    for pk, times in own.quantities.items():
        found.setdefault(pk, counting.release(voucher=pk, times=times))
    return [statement for _, statement in sorted(found.items())]


def _rows(
    project: Project, validated: Validated, customer: Customer | None, *, at: datetime
) -> list[Hold]:
    loaded, under = validated.loaded, counts.renaming(loaded=validated.loaded, customer=customer)
    session = loaded.own.session
    if session is None:
        return []
    known = {(row.voucher_id, row.promotion_tier_id): row.created_at for row in loaded.own.rows}
    found = []
    for one in validated.evaluation.applied:
        voucher, tier = loaded.voucher_of(one.redeemable), loaded.tier_of(one.redeemable)
        row = voucher or tier
        names = (voucher.pk if voucher else None, tier.pk if tier else None)
        money = _credits(one)
        uses = Bag[str]()
        for use in one.uses:
            uses[usage.key_of(under(use.counter))] += use.amount
        found.append(
            Hold(
                project=project,
                session_key=session.key,
                voucher=voucher,
                promotion_tier=tier,
                campaign=row.campaign if row is not None else None,
                account=voucher.account if voucher is not None and money else None,
                customer=customer,
                tracking_id=(validated.tracking_id or "")[:255],
                quantity=int(voucher is not None and voucher.redemption_limit is not None),
                credits=money,
                uses=+uses,
                expires_at=at + session.lifetime,
                created_at=known.get(names, at),
            )
        )
    return found


def _credits(one: Applied) -> int:
    """What a card would pay; without an order what is asked of it, or all that it holds."""
    card = one.redeemable.discount
    if not isinstance(card, CreditDiscount):
        return 0
    return card.amount if one.order is None else one.credits
