"""Reading what an evaluation may look at, without locks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from campaigns import snapshots as campaign_snapshots
from campaigns.engine import asks, facts, limits, operands, rules
from campaigns.engine.context import DEFAULT_EXPONENT, Context
from campaigns.engine.counters import Counter
from campaigns.engine.history import Measure, Past
from campaigns.engine.redeemable import Redeemable
from campaigns.snapshots import terms
from campaigns.snapshots.offers import promotions
from customers import queries as customer_queries
from customers.models import Customer
from loyalty_project.core import context as acting
from loyalty_project.core import currencies
from loyalty_project.core.models import Project
from redemptions import snapshots, usage
from redemptions.context import orders, people, units, wanted
from redemptions.context.request import Loaded, Request
from redemptions.queries import bought, past
from rewards import queries as reward_queries
from rewards.models import ALL_PRODUCTS_ID
from rewards.queries import holding

EVERYTHING = frozenset({ALL_PRODUCTS_ID})


def load(*, project: Project, request: Request, at: datetime) -> Loaded:
    """Read codes, tiers, customer, order and catalog, and the past as far as rules ask for it.

    Raises DuplicatedRedeemables, and NotFound for an unknown id of an order, customer or stack. To
    untrusted callers every id of an order is unknown, and only what they send is priced.
    """
    orders.check_currency(project, request.order)
    found = wanted.find(request.redeemables, at=at, session=request.session)
    costs = any(each.margin for each in found.redeemables)
    asked, given = asks.of(found.redeemables), units.types(found.redeemables)
    loaded = begin(project=project, request=request, asked=asked, given=given, costs=costs, at=at)
    return complete(project=project, loaded=loaded, found=found)


def load_widely(*, project: Project, request: Request, at: datetime) -> Loaded:
    """As `load`, with all that any other redeemable may look at, and nothing of counters and past.

    `complete` reads these, also for redeemables that nobody named.
    """
    orders.check_currency(project, request.order)
    found = wanted.find(request.redeemables, at=at, session=request.session)
    bought = asks.of(found.redeemables).bought or promotions(project).asks.bought
    asked = asks.Asks(segments=True, collections=True, bought=bought)
    given = units.types(found.redeemables)
    loaded = begin(project=project, request=request, asked=asked, given=given, costs=True, at=at)
    context = replace(loaded.context, redeemables=found.redeemables)
    loaded = replace(loaded, own=found.own, has_expired=found.has_expired)
    return replace(loaded, context=context, rows=found.rows, stack=found.stack)


def begin(
    *,
    project: Project,
    request: Request,
    asked: asks.Asks,
    at: datetime,
    given: Sequence[str] = (),
    costs: bool = False,
) -> Loaded:
    """As `load`, before anything is known of the redeemables but what they look at.

    `given` are products and SKUs for nothing; with `costs` those of a stored order are read.
    """
    orders.check_currency(project, request.order)
    protection = terms.of_project(project)
    segments = asked.segments or any(limit.relaxed for limit in protection.limits)
    customer = people.find_customer(
        request.customer, tracking_id=request.tracking_id, segments=segments
    )
    find_order = orders.find_order if request.trusted else orders.no_order
    order, items = find_order(request.order)
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
    lines = bought.lines_of(customer) if asked.bought else []
    costs = costs or context.margin is not None
    cart = _Cart(given, lines, collections=asked.collections, costs=costs)
    context, names = _with_cart(project, context, request, stored, cart)
    known = bought.Bought(lines, names) if asked.bought else None
    return Loaded(context, {}, customer, order, bought=known)


def complete(*, project: Project, loaded: Loaded, found: wanted.Found) -> Loaded:
    """With the redeemables, and what their rules and limits ask of the past."""
    context = loaded.context
    context = replace(
        context,
        redeemables=found.redeemables,
        exponent=exponent(project, found.redeemables, context.at),
    )
    loaded = _with_counts(project, replace(loaded, context=context, own=found.own))
    has_expired = found.has_expired or loaded.has_expired
    return replace(loaded, rows=found.rows, stack=found.stack, has_expired=has_expired)


def exponent(project: Project, redeemables: Sequence[Redeemable], at: datetime) -> int:
    """That of the currency; formulas alone need it, so that others cost no query."""
    if not any(operands.has_formula(redeemable) for redeemable in redeemables):
        return DEFAULT_EXPONENT
    return currencies.find(project.currency, on=at.date()).exponent


@dataclass(frozen=True, slots=True)
class _Cart:
    """What of the catalog is wanted beside the lines of the request; `lines` were bought before."""

    given: Sequence[str]
    lines: Sequence[bought.Line]
    collections: bool
    costs: bool


def _with_cart(
    project: Project,
    context: Context,
    request: Request,
    stored: facts.Order | None,
    cart: _Cart,
) -> tuple[Context, Mapping[str, frozenset[str]]]:
    """The lines with what the catalog says, and the products that discounts give.

    Beside it what goods that were bought before are called.
    """
    items = (request.order or {}).get("items") or ()
    more = [*cart.given]
    if (cart.collections or cart.costs) and stored is not None:
        more += _stored_ids(stored)
    references = {*snapshots.references(items), *more}
    of_skus = {*snapshots.sku_references(items), *more}
    before = bought.references(cart.lines)
    everything = reward_queries.find_items(
        references=references | before,
        skus_among=of_skus | before,
        collections_in=project if cart.collections or cart.lines else None,
    )
    products, skus = everything.rows()
    held = holding.NONE
    if cart.collections or cart.lines:
        held = holding.collections_of(project=project, products=products, skus=skus, at=context.at)
    names = bought.named(before, everything, held)
    catalog = everything.among(references, of_skus)
    context = replace(context, catalog=units.catalog(cart.given, catalog))
    if request.order is None:
        return context, names
    order = snapshots.order(request.order, stored, catalog)
    if cart.costs:
        order = _costed(order, catalog)
    if cart.collections:
        order = _collected(order, catalog, held)
    return replace(context, order=order), names


def _collected(
    order: facts.Order, catalog: reward_queries.Items, found: holding.CollectionsOf
) -> facts.Order:
    """The lines with the collections that hold them."""
    products = {row.public_id: row for row in catalog.products.values()}
    skus = {row.public_id: row for row in catalog.skus.values()}

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


def _with_counts(project: Project, loaded: Loaded) -> Loaded:
    """With the counters and the past that its redeemables name and that are not known yet."""
    context = loaded.context
    counters: set[Counter] = set()
    asked: set[Past] = set()
    for redeemable in context.redeemables:
        needed = rules.needs(redeemable, context)
        counters |= needed.counters | limits.counters(redeemable, context)
        asked |= needed.past
    asked -= context.past.keys()
    answers, open_ = _of_the_past(project, loaded, asked)
    counts = usage.read(
        project=project,
        counters=counters - context.counters.keys(),
        at=context.at,
        own=loaded.own,
        beside=[*open_.values()],
    )
    answers |= dict(zip(open_, counts.beside, strict=True))
    context = replace(
        context,
        counters={**context.counters, **counts.used},
        held={**context.held, **counts.held},
        past={**context.past, **answers},
    )
    has_expired = loaded.has_expired or counts.has_expired
    kept = loaded.kept | counts.kept
    return replace(loaded, context=context, kept=kept, has_expired=has_expired)


def _of_the_past(
    project: Project, loaded: Loaded, asked: set[Past]
) -> tuple[dict[Past, int], dict[Past, past.Sql]]:
    """What is known of a customer's past, and what is to be asked; a stranger has none."""
    customer, at = loaded.customer, loaded.context.at
    if customer is None:
        return dict.fromkeys(asked, 0), {}
    goods = {each for each in asked if each.measure == Measure.ORDERS_WITH}
    found: dict[Past, int] = {}
    if goods:
        known = loaded.bought or bought.read(project=project, customer=customer, at=at)
        found = bought.answers(project=project, bought=known, asked=goods, at=at)
    return found, past.questions(project=project, customer=customer, asked=asked, at=at)


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
