"""The one loader: from a request and the database to what the engine may look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from campaigns import queries as campaign_queries
from campaigns import snapshots as campaign_snapshots
from campaigns.engine import facts, operands
from campaigns.engine.context import DEFAULT_EXPONENT, Context
from campaigns.engine.effects.unit import UnitDiscount
from campaigns.engine.redeemable import Kind, Redeemable
from campaigns.models import Voucher
from customers import queries as customer_queries
from customers.models import Customer
from loyalty_project.core import currencies
from loyalty_project.core.errors import Invalid, NotFound
from loyalty_project.core.models import Project
from redemptions import queries, snapshots
from redemptions.models import Order, OrderItem
from rewards import queries as reward_queries

DEFAULT_EXPAND = frozenset({"order"})
REFERENCE = "reference"


class DuplicatedRedeemables(Invalid):
    """The same code or promotion twice in one request, also under two of its names."""

    key = "duplicated_redeemables"
    message = "Duplicated redeemables detected"


class CurrencyMismatch(Invalid):
    """An order in another currency than that of its project."""

    key = "currency_mismatch"
    message = "Currency mismatch"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One redeemable of a request: a code, or the id of a code, promotion tier or stack."""

    kind: str
    reference: str


@dataclass(frozen=True, slots=True)
class Request:
    """What a caller wants to use, as on the wire. A string as customer is an id or source id.

    `trusted` is False for client-side keys: they see less of customers, no stored order, and what
    they say of a customer decides nothing.
    """

    redeemables: tuple[Wanted, ...]
    order: Mapping[str, Any] | None = None
    customer: Mapping[str, Any] | str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    tracking_id: str | None = None
    expand: frozenset[str] = DEFAULT_EXPAND
    trusted: bool = True


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was read, once: rows for the commit and the facts for the engine.

    `vouchers` is keyed by the references of the request.
    """

    context: Context
    vouchers: Mapping[str, Voucher]
    customer: Customer | None
    order: Order | None

    def voucher_of(self, redeemable: Redeemable) -> Voucher | None:
        return self.vouchers.get(reference_of(redeemable))


def reference_of(redeemable: Redeemable) -> str:
    """The redeemable as the request named it."""
    return str(redeemable.facts[REFERENCE])


def load(*, project: Project, request: Request, at: datetime) -> Loaded:
    """Read codes, customer, order and catalog, without locks.

    Raises DuplicatedRedeemables, and NotFound for an unknown id of an order or customer. To
    untrusted callers every id of an order is unknown, and only what they send is priced.
    """
    check_currency(project, request.order)
    references = [wanted.reference for wanted in request.redeemables if wanted.kind == Kind.VOUCHER]
    vouchers = campaign_queries.vouchers_by_codes(codes=references) if references else {}
    redeemables = _redeemables(request.redeemables, vouchers)
    customer = find_customer(request.customer, tracking_id=request.tracking_id)
    order, rows = find_order(request.order) if request.trusted else _no_order(request.order)
    items = (request.order or {}).get("items") or ()
    catalog = reward_queries.find_items(
        references=[*snapshots.references(items), *_unit_types(redeemables)]
    )
    stored = snapshots.stored_order(order, rows) if order is not None else None
    context = Context(
        at=at,
        time_zone=ZoneInfo(project.timezone),
        redeemables=redeemables,
        order=None if request.order is None else snapshots.order(request.order, stored, catalog),
        customer=_customer_facts(customer, request),
        stacking=campaign_snapshots.stacking(project),
        catalog=_unit_catalog(redeemables, catalog),
        metadata=request.metadata,
        exponent=_exponent(project, redeemables, at),
    )
    return Loaded(context, vouchers, customer, order)


def _exponent(project: Project, redeemables: Sequence[Redeemable], at: datetime) -> int:
    """That of the currency; formulas alone need it, so that others cost no query."""
    if not any(operands.has_formula(redeemable) for redeemable in redeemables):
        return DEFAULT_EXPONENT
    return currencies.find(project.currency, on=at.date()).exponent


def check_currency(project: Project, order: Mapping[str, Any] | None) -> None:
    """Refuse an order that names another currency. Raises CurrencyMismatch."""
    currency = (order or {}).get("currency")
    if currency and currency.upper() != project.currency:
        raise CurrencyMismatch(f"Property .order.currency must be {project.currency}")


def lock(loaded: Loaded) -> None:
    """Hold the rows that the request competes for: the order, then codes with a limit by key."""
    if loaded.order is not None:
        Order.objects.select_for_update(of=("self",), no_key=True).filter(
            pk=loaded.order.pk
        ).first()
    limited = [v.pk for v in loaded.vouchers.values() if v.redemption_limit is not None]
    if limited:
        rows = Voucher.objects.filter(pk__in=limited).order_by("pk")
        list(rows.select_for_update(of=("self",), no_key=True).values_list("pk"))


def find_customer(
    given: Mapping[str, Any] | str | None, *, tracking_id: str | None = None
) -> Customer | None:
    """The known customer of a request. Raises NotFound for an unknown id without a source id."""
    if isinstance(given, str):
        given = {"id": given} if given.startswith("cust_") else {"source_id": given}
    public_id, source_id = (given or {}).get("id"), (given or {}).get("source_id")
    found = customer_queries.find(reference=public_id) if public_id else None
    if found is None and source_id:
        return customer_queries.find(reference=source_id)
    if found is None and public_id:
        raise NotFound.of("customer", public_id)
    if found is None and tracking_id and not given:
        return customer_queries.find_tracked(tracking_id=tracking_id)
    return found


def find_order(given: Mapping[str, Any] | None) -> tuple[Order | None, Sequence[OrderItem]]:
    """The stored order that a request names, and its items. Raises NotFound for an unknown id."""
    public_id, source_id = (given or {}).get("id"), (given or {}).get("source_id")
    if not public_id and not source_id:
        return None, ()
    orders = queries.orders()
    order = orders.filter(Q(public_id=public_id) if public_id else Q(source_id=source_id)).first()
    if order is None and public_id and source_id:
        order = orders.filter(source_id=source_id).first()
    if order is None:
        if public_id and not source_id:
            raise NotFound.of("order", public_id)
        return None, ()
    return order, list(order.items.all())


def refuse_stored_order(given: Mapping[str, Any] | None) -> None:
    """Raise NotFound where an untrusted request names an order that is there."""
    names = [name for name in map((given or {}).get, ("id", "source_id")) if name]
    found = queries.orders().filter(Q(public_id__in=names) | Q(source_id__in=names))
    if names and found.exists():
        raise NotFound.of("order", names[0])


def _no_order(given: Mapping[str, Any] | None) -> tuple[None, Sequence[OrderItem]]:
    """The answer of `find_order` where there are no orders."""
    if given and given.get("id") and not given.get("source_id"):
        raise NotFound.of("order", given["id"])
    return None, ()


def _redeemables(
    wanted: Sequence[Wanted], vouchers: Mapping[str, Voucher]
) -> tuple[Redeemable, ...]:
    found = []
    seen: set[tuple[str, str]] = set()
    for one in wanted:
        voucher = vouchers.get(one.reference) if one.kind == Kind.VOUCHER else None
        identity = (one.kind, voucher.public_id if voucher is not None else one.reference)
        if identity in seen:
            raise DuplicatedRedeemables("Duplicated redeemables detected in one redemption")
        seen.add(identity)
        if voucher is not None:
            redeemable = campaign_snapshots.redeemable(
                voucher, redeemed=campaign_queries.redeemed_of(voucher)
            )
        elif one.kind == Kind.VOUCHER:
            redeemable = campaign_snapshots.missing(one.reference)
        else:
            redeemable = Redeemable(Kind.PROMOTION_TIER, one.reference, exists=False)
        found.append(replace(redeemable, facts={**redeemable.facts, REFERENCE: one.reference}))
    return tuple(found)


def _customer_facts(customer: Customer | None, request: Request) -> facts.Customer | None:
    said = request.customer if isinstance(request.customer, Mapping) else {}
    if customer is None and request.customer is None:
        return None
    known = customer.metadata if customer is not None else {}
    claimed = (said.get("metadata") or {}) if request.trusted else {}
    return facts.Customer(
        id=customer.public_id if customer is not None else None,
        source_id=customer.source_id if customer is not None else said.get("source_id"),
        metadata={**known, **claimed},
    )


def _unit_types(redeemables: Sequence[Redeemable]) -> list[str]:
    return [
        unit.unit_type
        for redeemable in redeemables
        if isinstance(redeemable.discount, UnitDiscount)
        for unit in redeemable.discount.units
    ]


def _unit_catalog(
    redeemables: Sequence[Redeemable], catalog: snapshots.Catalog
) -> dict[str, facts.Product | facts.Sku]:
    found: dict[str, facts.Product | facts.Sku] = {}
    for unit_type in _unit_types(redeemables):
        if unit_type in catalog.skus:
            found[unit_type] = snapshots.sku(catalog.skus[unit_type])
        elif unit_type in catalog.products:
            found[unit_type] = snapshots.product(catalog.products[unit_type])
    return found
