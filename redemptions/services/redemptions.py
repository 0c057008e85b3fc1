"""Redeeming: snapshot, pure evaluation, one short guarded commit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import IntegrityError, transaction

from campaigns.engine import evaluate, facts, pricing
from campaigns.engine.results import Evaluation
from campaigns.services import counting
from customers.models import Customer
from customers.services import customers, totals
from loyalty_project.core import guarded, locks, metadata, outbox
from loyalty_project.core.errors import Busy
from loyalty_project.core.guarded import GuardRefused, Statement
from loyalty_project.core.models import Project
from loyalty_project.core.outbox import Happening
from redemptions import context, events, usage
from redemptions.context import Loaded, Request
from redemptions.models import Order, OrderStatus, Redemption
from redemptions.serializers.redemption import redemption_json
from redemptions.services import (
    buyers,
    catalog,
    counts,
    guards,
    guessing,
    payments,
    recording,
    releases,
    tries,
    uses,
    validations,
)
from rewards.services import stocks

HELD_TRIES = 3


@dataclass(frozen=True, slots=True)
class Redeemed:
    """What was written. `parent` is there when more than one redeemable was applied."""

    request: Request
    loaded: Loaded
    evaluation: Evaluation
    order: Order
    parent: Redemption | None
    redemptions: Sequence[Redemption]


@locks.patience()
def redeem(*, project: Project, request: Request, at: datetime) -> Redeemed:
    """Use the redeemables of a request, all of them or, in mode PARTIAL, those that apply.

    Raises NotRedeemable with the refused try stored, Invalid for a wrong request, NotFound where an
    untrusted one names a stored order, and Busy where the same rows are fought over too long.
    """
    validations.check(project=project, request=request)
    if request.session is not None and request.session.is_new:
        request = replace(request, session=None)
    guessing.refuse(at=at)
    loaded = context.load(project=project, request=request, at=at)
    guessing.note(loaded=loaded, at=at)
    evaluation = evaluate.evaluate(loaded.context)
    if not evaluation.valid:
        raise tries.refused(
            project=project, request=request, loaded=loaded, evaluation=evaluation, at=at
        )
    payments.require_order(applied=evaluation.applied)
    if loaded.has_expired:
        releases.release_expired(project=project, seen=loaded, at=at)
    try:
        with locks.waiting(), transaction.atomic():
            wanted = [use.counter for use in counts.of(applied=evaluation.applied).uses]
            begun = guards.share(project=project, request=request, loaded=loaded, counters=wanted)
            return _commit(project, request, loaded, evaluation, begun, at=at)
    except (GuardRefused, IntegrityError, locks.Crossed):
        return _redeem_held(project, request, loaded, at=at)


def _redeem_held(project: Project, request: Request, seen: Loaded, *, at: datetime) -> Redeemed:
    """Read and decide again, this time holding the rows; what is refused now is refused.

    Only what came up since it was `seen` can come between, so that it is tried more than once.
    """
    for _ in range(HELD_TRIES):
        if seen.has_expired:
            releases.release_expired(project=project, seen=seen, at=at)
        try:
            with locks.waiting(), transaction.atomic():
                begun, loaded = guards.lock(project=project, request=request, seen=seen, at=at)
                seen = loaded
                counts.check(project=project, request=request, begun=begun, loaded=loaded)
                evaluation = evaluate.evaluate(loaded.context)
                if evaluation.valid:
                    return _commit(project, request, loaded, evaluation, begun, at=at)
        except (GuardRefused, IntegrityError, locks.Crossed) as error:
            refused = error
        else:
            raise tries.refused(
                project=project, request=request, loaded=loaded, evaluation=evaluation, at=at
            )
    raise Busy(extra={"retry_after": 1}) from refused


def _commit(
    project: Project,
    request: Request,
    loaded: Loaded,
    evaluation: Evaluation,
    begun: counts.Begun,
    *,
    at: datetime,
) -> Redeemed:
    """Write order and redemptions, pay, write events, then count; what is hot comes last.

    Before all that the session gives up what it held for this.
    """
    own = loaded.own
    if own.session is not None:
        guarded.run(usage.take_holds(project=project, own=own))
    if not request.trusted:
        context.refuse_stored_order(request.order)
    stored = loaded.order
    before = (stored.customer, stored.status, stored.total_amount or 0) if stored else None
    later: list[Statement] = []
    order, priced = _order(project, request, loaded, evaluation, later, at=at)
    written = uses.write(
        project=project,
        order=order,
        priced=priced,
        loaded=loaded,
        applied=evaluation.applied,
        metadata=request.metadata,
        tracking_id=validations.track(project=project, request=request, loaded=loaded) or "",
        session_key=own.session.key if own.session is not None else "",
        at=at,
    )
    moved = payments.debit(order=order, redemptions=written.children, own=own, at=at)
    for voucher in written.vouchers:
        voucher.redeemed_count += 1
    later += _announced(project, order, written, moved, before[1] if before else None, at=at)
    sums = recording.totals_of(before=before, after=order, at=at)
    shared = _shared(project, loaded, evaluation, begun, order, written, at=at)
    guarded.run([*later, *_counts(written, order.customer, sums, own, at=at), *shared])
    return Redeemed(
        request=request,
        loaded=loaded,
        evaluation=evaluation,
        order=order,
        parent=written.parent,
        redemptions=written.children,
    )


def _order(
    project: Project,
    request: Request,
    loaded: Loaded,
    evaluation: Evaluation,
    later: list[Statement],
    *,
    at: datetime,
) -> tuple[Order, pricing.PricedOrder]:
    """Store customer, catalog and order, the items of it `later`.

    A redemption without an order makes an empty one.
    """
    customer = buyers.store(project=project, request=request, loaded=loaded, at=at)
    stored = loaded.order
    priced = evaluation.order or pricing.begin(facts.Order())
    metadata.check(project=project, resource="order", values=priced.order.metadata)
    # A browser may say what its cart holds, not what the catalog is.
    brought = request.order if request.trusted else None
    products, skus = catalog.override(project=project, given=brought, at=at)
    priced = recording.with_catalog(priced=priced, products=products, skus=skus)
    priced = recording.with_ids(priced=priced)
    order = recording.order(
        project=project,
        stored=stored,
        priced=priced,
        status=OrderStatus.PAID,
        customer=customer or (stored.customer if stored else None),
        referrer=_referrer(project, request, at=at) or (stored.referrer if stored else None),
        at=at,
        later=later,
    )
    return order, priced


def _referrer(project: Project, request: Request, *, at: datetime) -> Customer | None:
    """Who is said to have sent the customer; browsers are not asked."""
    given = (request.order or {}).get("referrer") or (request.order or {}).get("referrer_id")
    if not given or not request.trusted:
        return None
    return customers.upsert(project=project, data=given, at=at)


def _counts(
    written: uses.Written,
    customer: Customer | None,
    sums: Sequence[Statement],
    own: usage.Own,
    *,
    at: datetime,
) -> list[Statement]:
    """Codes with a limit or held by key, then the customer, then codes that nobody waits for."""
    limited = {v.pk: v for v in written.vouchers if v.redemption_limit is not None}
    free = [voucher for voucher in written.vouchers if voucher.redemption_limit is None]
    found = []
    for pk in sorted({*limited, *own.quantities}):
        held = own.quantities.get(pk, 0)
        found.append(
            counting.consume(voucher=limited[pk], at=at, own=held)
            if pk in limited
            else counting.release(voucher=pk, times=held)
        )
    found += sums
    if customer is not None:
        one = totals.redemption(customer=customer, field="redemptions_succeeded", at=at)
        found += [one] * len(written.children)
    return found + [counting.consume(voucher=voucher, at=at) for voucher in free]


def _shared(
    project: Project,
    loaded: Loaded,
    evaluation: Evaluation,
    begun: counts.Begun,
    order: Order,
    written: uses.Written,
    *,
    at: datetime,
) -> list[Statement]:
    """Counters, then stocks: what others wait for goes last."""
    found = counts.consume(
        project=project,
        counted=counts.of(applied=evaluation.applied),
        begun=begun,
        loaded=loaded,
        customer=order.customer,
        made=written.children,
        at=at,
    )
    taken = stocks.take(project=project, units=counts.gifts(applied=evaluation.applied))
    return [*found, *taken]


def _announced(
    project: Project,
    order: Order,
    written: uses.Written,
    moved: Sequence[Happening],
    status_before: str | None,
    *,
    at: datetime,
) -> list[Statement]:
    happenings = events.order_happenings(
        created=status_before is None,
        status_before=status_before,
        status=order.status,
        customer=order.customer,
        referrer=order.referrer,
        order=written.order_json,
    )
    happenings += [
        events.redemption_happening(
            "redemption.succeeded",
            redemption=redemption_json(redemption),
            customer=redemption.customer,
            voucher=redemption.voucher,
            tier=redemption.promotion_tier,
        )
        for redemption in written.children
    ]
    happenings += moved
    return outbox.statements(happenings, project=project, at=at)
