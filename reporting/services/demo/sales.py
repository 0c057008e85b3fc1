"""A year of orders: who buys what and when, with which code, and what becomes of it."""

import heapq
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from loyalty_project.core.models import Project
from redemptions.models import OrderStatus
from reporting.services.demo import carts, checkout, choosing, rhythm, writing
from reporting.services.demo.catalog import Catalog, Item
from reporting.services.demo.customers import Crowd
from reporting.services.demo.plan import Shop, Source
from reporting.services.demo.promotions import Pool

_REFUSED = 0.032
_ROLLED_BACK = 0.024
_CANCELED = 0.03
_UNPAID = 0.2
_FLUSH = 2_000


@dataclass(slots=True)
class Year:
    """The shop while its year passes. `due` are rollbacks to come: when, which pool and code."""

    project: Project
    shop: Shop
    crowd: Crowd
    catalog: Catalog
    pools: list[Pool]
    at: datetime
    source: Source
    channel_id: str
    random: Random = field(init=False)
    due: list[tuple[datetime, int, int]] = field(default_factory=list)
    sold: int = 0

    def __post_init__(self) -> None:
        self.random = self.source.stream("orders")


def load(year: Year, orders: int) -> None:
    """Write that many orders with their lines, redemptions and rollbacks, in the order of time."""
    book = writing.Book()
    shop = year.shop
    days = rhythm.per_day(shop.rhythm, orders, at=year.at, zone=shop.zone)
    for day, count in rhythm.days_of(days):
        moments = rhythm.instants(
            shop.rhythm, day, count, at=year.at, zone=shop.zone, random=year.random
        )
        for moment in moments:
            _settle(year, moment)
            _sell(year, moment, book)
        if len(book.orders) >= _FLUSH:
            book.flush()
    _settle(year, year.at)
    book.flush()


def _settle(year: Year, moment: datetime) -> None:
    """Give back the uses of what was rolled back until a moment."""
    while year.due and year.due[0][0] <= moment:
        _when, pool, index = heapq.heappop(year.due)
        year.pools[pool].redeemed[index] -= 1


def _sell(year: Year, moment: datetime, book: writing.Book) -> None:
    random = year.random
    buyer = year.crowd.pick(moment, random)
    cart = carts.Cart(
        project=year.project,
        source=year.source,
        shop=year.shop,
        number=year.sold,
        buyer=buyer,
        buyer_pk=year.crowd.first_pk + buyer,
        lines=_basket(year),
        moment=moment,
        channel=random.choices(
            [name for name, _weight in year.shop.words.channels],
            [weight for _name, weight in year.shop.words.channels],
        )[0],
        channel_id=year.channel_id,
    )
    year.sold += 1
    if random.random() < _REFUSED:
        refused = checkout.refuse(cart, choosing.hopeless(year.pools, year.crowd, cart, random))
        if refused is not None:
            book.refusals.append(refused)
            year.crowd.refused[buyer] += 1
    choice = choosing.code(year.pools, year.crowd, cart, random)
    used = checkout.redeem(cart, *choice) if choice is not None else None
    if used is None:
        _without_code(year, cart, book)
    else:
        _with_code(year, cart, used, book)


def _basket(year: Year) -> list[tuple[Item, int]]:
    sizes, weights = zip(*year.shop.basket, strict=True)
    size = min(year.random.choices(sizes, weights)[0], len(year.shop.goods))
    return [
        (item, 1 if year.random.random() < 0.84 else 2)
        for item in year.catalog.pick(size, year.random)
    ]


def _without_code(year: Year, cart: carts.Cart, book: writing.Book) -> None:
    random, age = year.random, year.at - cart.moment
    status, changed = _progress(year, cart.moment)
    chance = random.random()
    if age < timedelta(minutes=40) and chance < _UNPAID:
        status, changed = OrderStatus.CREATED, cart.moment
    elif chance < _CANCELED:
        hours = timedelta(minutes=random.randint(20, 2_000))
        status, changed = OrderStatus.CANCELED, min(year.at, cart.moment + hours)
    sale = checkout.plain(cart, status=status, changed=changed)
    if status == OrderStatus.CANCELED:
        sale.order.metadata["note"] = year.shop.words.cancel_note
    book.add(sale)
    if status in {OrderStatus.PAID, OrderStatus.FULFILLED}:
        _count(year, sale)


def _with_code(year: Year, cart: carts.Cart, used: checkout.Used, book: writing.Book) -> None:
    random, pool = year.random, used.pool
    pool.redeemed[used.index] += 1
    year.crowd.redeemed[cart.buyer] += 1
    status, changed = _progress(year, cart.moment)
    sale = checkout.discounted(cart, used, status=status, changed=changed)
    back = cart.moment + timedelta(minutes=random.randint(300, 15_000))
    is_limited = pool.promotion.limit_per_thousand is not None
    if random.random() < _ROLLED_BACK and back <= year.at and not is_limited:
        reason = random.choice(year.shop.words.rollback_reasons)
        checkout.roll_back(sale, cart, at=back, reason=reason)
        heapq.heappush(year.due, (back, year.pools.index(pool), used.index))
        year.crowd.rolled_back[cart.buyer] += 1
    else:
        _count(year, sale)
    book.add(sale)


def _progress(year: Year, moment: datetime) -> tuple[OrderStatus, datetime]:
    """A paid order is shipped after one to three days."""
    shipped = moment + timedelta(minutes=year.random.randint(1_100, 4_300))
    if shipped <= year.at:
        return OrderStatus.FULFILLED, shipped
    return OrderStatus.PAID, moment


def _count(year: Year, sale: checkout.Sale) -> None:
    crowd, order, buyer = year.crowd, sale.order, sale.buyer
    crowd.orders[buyer] += 1
    crowd.amount[buyer] += order.total_amount or 0
    crowd.last_amount[buyer] = order.total_amount or 0
    crowd.last_order[buyer] = int(order.created_at.astimezone(UTC).timestamp())
