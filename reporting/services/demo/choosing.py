"""Which code a buyer tries: one that works, now and then one that cannot."""

from datetime import datetime, timedelta
from random import Random

from reporting.services.demo.carts import Cart
from reporting.services.demo.checkout import Try
from reporting.services.demo.customers import Crowd
from reporting.services.demo.promotions import Pool

_WITHOUT_CODE = 130
_TYPOS = 0.22
_REMEMBERED = timedelta(days=45)


def code(pools: list[Pool], crowd: Crowd, cart: Cart, random: Random) -> tuple[Pool, int] | None:
    """A code that the buyer has, or sees everywhere; None for those who order without one."""
    usable = [pool for pool in pools if _is_usable(pool, crowd, cart)]
    total = sum(pool.promotion.weight for pool in usable)
    if random.random() * (total + _WITHOUT_CODE) >= total:
        return None
    pool = random.choices(usable, [pool.promotion.weight for pool in usable])[0]
    if pool.promotion.is_public:
        return pool, 0
    if cart.buyer in pool.taken:
        return pool, pool.taken[cart.buyer]
    return pool, pool.give(cart.buyer, _given(pool, crowd, cart, random))


def hopeless(pools: list[Pool], crowd: Crowd, cart: Cart, random: Random) -> Try:
    """A code that is misspelt, used up, over, or off."""
    known = [pool for pool in pools if _is_remembered(pool, cart.moment)]
    wrong = [
        (pool, 0 if pool.promotion.is_public else pool.taken[cart.buyer])
        for pool in known
        if (pool.promotion.is_public or cart.buyer in pool.taken)
        and not _is_usable(pool, crowd, cart)
    ]
    if wrong and random.random() >= _TYPOS:
        pool, index = random.choice(wrong)
        return Try(pool.codes[index], pool, index)
    typed = random.choice([pool.codes[0] for pool in pools if pool.codes])
    place = random.randrange(1, len(typed))
    return Try(f"{typed[:place]}{random.choice('QWXZ')}{typed[place:]}", None, 0)


def _is_remembered(pool: Pool, at: datetime) -> bool:
    """Nobody tries what is not there yet, or what was over long ago."""
    promotion = pool.promotion
    ends = [moment for moment in (promotion.expires_at, promotion.disabled_at) if moment]
    return promotion.created_at < at < min(ends, default=at) + _REMEMBERED


def _is_usable(pool: Pool, crowd: Crowd, cart: Cart) -> bool:
    promotion, at = pool.promotion, cart.moment
    if not promotion.weight or not pool.codes or not pool.is_on(at):
        return False
    start = promotion.starts_at or promotion.created_at
    if at < start or (promotion.expires_at is not None and at >= promotion.expires_at):
        return False
    if not _is_open(pool, cart):
        return False
    index = 0 if promotion.is_public else pool.taken.get(cart.buyer)
    if index is None:
        is_first = not promotion.on_request or crowd.orders[cart.buyer] == 0
        return is_first and pool.next_free < len(pool.codes)
    ends = pool.expires_at(index)
    if ends is not None and at >= ends:
        return False
    return pool.limit is None or pool.redeemed[index] < pool.limit


def _is_open(pool: Pool, cart: Cart) -> bool:
    """Whether the hours and days of the campaign hold; days count from Sunday."""
    if pool.promotion.hours is None:
        return True
    start, end = pool.promotion.hours
    local = cart.moment.astimezone(cart.shop.zone)
    return (
        local.isoweekday() % 7 in pool.promotion.days_of_week
        and start <= local.strftime("%H:%M") < end
    )


def _given(pool: Pool, crowd: Crowd, cart: Cart, random: Random) -> datetime:
    """When the buyer got the code: up to twelve days before, not before being known to the shop."""
    start = pool.promotion.starts_at or pool.promotion.created_at
    earliest = max(start.timestamp(), crowd.registered[cart.buyer])
    wanted = (cart.moment - timedelta(minutes=random.randint(30, 17_000))).timestamp()
    return datetime.fromtimestamp(
        min(max(earliest, wanted), cart.moment.timestamp()), cart.moment.tzinfo
    )
