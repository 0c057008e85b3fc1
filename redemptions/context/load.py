"""Reading what an evaluation may look at, without locks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from campaigns import snapshots as campaign_snapshots
from campaigns.engine import asks, facts, limits, operands, rules
from campaigns.engine.context import DEFAULT_EXPONENT, Context
from campaigns.engine.counters import Counter
from campaigns.engine.effects.unit import UnitDiscount
from campaigns.engine.history import Past
from campaigns.engine.redeemable import Redeemable
from campaigns.snapshots import terms
from customers import queries as customer_queries
from customers.models import Customer
from loyalty_project.core import context as acting
from loyalty_project.core import currencies
from loyalty_project.core.models import Project
from redemptions import snapshots, usage
from redemptions.context import orders, people, wanted
from redemptions.context.request import Loaded, Request
from redemptions.queries import past
from rewards import queries as reward_queries
from rewards.models import ALL_PRODUCTS_ID

EVERYTHING = frozenset({ALL_PRODUCTS_ID})


def load(*, project: Project, request: Request, at: datetime) -> Loaded:
    """Read codes, tiers, customer, order and catalog, and the past as far as rules ask for it.

    Raises DuplicatedRedeemables, and NotFound for an unknown id of an order, customer or stack. To
    untrusted callers every id of an order is unknown, and only what they send is priced.
    """
    orders.check_currency(project, request.order)
    found = wanted.find(request.redeemables, at=at)
    costs = any(each.margin for each in found.redeemables)
    asked, units = asks.of(found.redeemables), _unit_types(found.redeemables)
    loaded = begin(project=project, request=request, asked=asked, units=units, costs=costs, at=at)
    return complete(project=project, loaded=loaded, found=found)


def begin(
    *,
    project: Project,
    request: Request,
    asked: asks.Asks,
    at: datetime,
    units: Sequence[str] = (),
    costs: bool = False,
) -> Loaded:
    """As `load`, before anything is known of the redeemables but what they look at.

    `units` are products and SKUs that they give; with `costs` those of a stored order are read.
    """
    orders.check_currency(project, request.order)
    customer = people.find_customer(request.customer, tracking_id=request.tracking_id)
    find_order = orders.find_order if request.trusted else orders.no_order
    order, items = find_order(request.order)
    protection = terms.of_project(project)
    segments = asked.segments or any(limit.relaxed for limit in protection.limits)
    context = Context(
        at=at,
        time_zone=ZoneInfo(project.timezone),
        redeemables=(),
        customer=people.customer_facts(
            customer, request, segments=_segments(customer) if segments else frozenset()
        ),
        stacking=campaign_snapshots.stacking(project),
        metadata=request.metadata,
        caller=_caller(request),
        limits=protection.limits,
        margin=protection.margin,
        week_start=project.week_start,
    )
    stored = snapshots.stored_order(order, items) if order is not None else None
    cart = _Cart(units, collections=asked.collections, costs=costs or context.margin is not None)
    return Loaded(_with_cart(project, context, request, stored, cart), {}, customer, order)


def complete(*, project: Project, loaded: Loaded, found: wanted.Found) -> Loaded:
    """With the redeemables, and what their rules and limits ask of the past."""
    context = loaded.context
    context = replace(
        context,
        redeemables=found.redeemables,
        exponent=exponent(project, found.redeemables, context.at),
    )
    context, kept = _with_counts(project, context, loaded.customer)
    return replace(loaded, context=context, rows=found.rows, stack=found.stack, kept=kept)


def with_units(*, loaded: Loaded, redeemables: Sequence[Redeemable]) -> Loaded:
    """With the products that these give, for redeemables that were not known at the beginning."""
    catalog = given(redeemables)
    return replace(loaded, context=replace(loaded.context, catalog=catalog)) if catalog else loaded


def given(redeemables: Sequence[Redeemable]) -> Mapping[str, facts.Product | facts.Sku]:
    """The products and SKUs that these give, by the id that they name."""
    units = _unit_types(redeemables)
    return _unit_catalog(units, reward_queries.find_items(references=units)) if units else {}


def exponent(project: Project, redeemables: Sequence[Redeemable], at: datetime) -> int:
    """That of the currency; formulas alone need it, so that others cost no query."""
    if not any(operands.has_formula(redeemable) for redeemable in redeemables):
        return DEFAULT_EXPONENT
    return currencies.find(project.currency, on=at.date()).exponent


@dataclass(frozen=True, slots=True)
class _Cart:
    """What of the catalog is wanted beside the lines of the request."""

    units: Sequence[str]
    collections: bool
    costs: bool


def _with_cart(
    project: Project,
    context: Context,
    request: Request,
    stored: facts.Order | None,
    cart: _Cart,
) -> Context:
    """The lines with what the catalog says, and the products that discounts give."""
    items = (request.order or {}).get("items") or ()
    more = [*cart.units]
    if (cart.collections or cart.costs) and stored is not None:
        more += _stored_ids(stored)
    catalog = reward_queries.find_items(
        references=[*snapshots.references(items), *more],
        skus_among=[*snapshots.sku_references(items), *more],
    )
    context = replace(context, catalog=_unit_catalog(cart.units, catalog))
    if request.order is None:
        return context
    order = snapshots.order(request.order, stored, catalog)
    if cart.costs:
        order = _costed(order, catalog)
    if cart.collections:
        order = _collected(project, order, catalog, at=context.at)
    return replace(context, order=order)


def _collected(
    project: Project, order: facts.Order, catalog: reward_queries.Items, *, at: datetime
) -> facts.Order:
    """The lines with the collections that hold them."""
    products = {row.public_id: row for row in catalog.products.values()}
    skus = {row.public_id: row for row in catalog.skus.values()}
    found = reward_queries.collections_of(
        project=project, products=products.values(), skus=skus.values(), at=at
    )

    def of(line: facts.Line) -> frozenset[str]:
        sku = skus.get(line.sku.id) if line.sku is not None else None
        product = products.get(line.product.id) if line.product is not None else None
        if sku is not None:
            return found.skus[sku.pk]
        return found.products[product.pk] if product is not None else EVERYTHING

    return replace(
        order, lines=tuple(replace(line, collection_ids=of(line)) for line in order.lines)
    )


def _costed(order: facts.Order, catalog: reward_queries.Items) -> facts.Order:
    """The lines with what their units cost, also those of a stored order."""
    lines = [
        replace(
            line,
            cost=snapshots.cost(
                catalog.skus.get(line.sku.id) if line.sku is not None else None,
                catalog.products.get(line.product.id) if line.product is not None else None,
            ),
        )
        if line.cost is None
        else line
        for line in order.lines
    ]
    return replace(order, lines=tuple(lines))


def _stored_ids(order: facts.Order) -> list[str]:
    """Of the products and SKUs of a stored order."""
    named = [line.product.id for line in order.lines if line.product is not None]
    named += [line.sku.id for line in order.lines if line.sku is not None]
    return [each for each in named if each]


def _with_counts(
    project: Project, context: Context, customer: Customer | None
) -> tuple[Context, frozenset[Counter]]:
    counters: set[Counter] = set()
    asked: set[Past] = set()
    for redeemable in context.redeemables:
        needed = rules.needs(redeemable, context)
        counters |= needed.counters | limits.counters(redeemable, context)
        asked |= needed.past
    counts = usage.read(project=project, counters=counters)
    answers = past.answers(project=project, customer=customer, asked=asked, at=context.at)
    return replace(context, counters=counts.used, past=answers), counts.kept


def _segments(customer: Customer | None) -> frozenset[str]:
    if customer is None:
        return frozenset()
    return customer_queries.segments_of(customer=customer)


def _caller(request: Request) -> facts.Caller:
    actor = acting.actor()
    return facts.Caller(
        api_key=actor.api_key.app_id if actor.api_key is not None else None,
        user=actor.user.get_username() if actor.user is not None else None,
        context=request.context,
    )


def _unit_types(redeemables: Sequence[Redeemable]) -> list[str]:
    return [
        unit.unit_type
        for redeemable in redeemables
        if isinstance(redeemable.discount, UnitDiscount)
        for unit in redeemable.discount.units
    ]


def _unit_catalog(
    units: Sequence[str], catalog: snapshots.Catalog
) -> Mapping[str, facts.Product | facts.Sku]:
    found: dict[str, facts.Product | facts.Sku] = {}
    for unit_type in units:
        if unit_type in catalog.skus:
            found[unit_type] = snapshots.sku(catalog.skus[unit_type])
        elif unit_type in catalog.products:
            found[unit_type] = snapshots.product(catalog.products[unit_type])
    return found
