"""Codes that were given to customers: those that were used later, and those that were not."""

from collections.abc import Iterator
from datetime import UTC, datetime

from campaigns.models import Publication
from reporting.services.demo import customers, ids
from reporting.services.demo.customers import Crowd
from reporting.services.demo.plan import Shop, Source
from reporting.services.demo.promotions import Pool


def give_unused(pools: list[Pool], crowd: Crowd, *, at: datetime, source: Source) -> None:
    """Hand out more codes, which nobody has used yet; at most one of a campaign per customer."""
    random = source.stream("publications")
    for pool in pools:
        promotion = pool.promotion
        start = max(promotion.starts_at or promotion.created_at, promotion.created_at)
        ends = [moment for moment in (promotion.expires_at, promotion.disabled_at, at) if moment]
        end = min(ends)
        known = crowd.known_at(end)
        count = min(len(pool.codes) * promotion.published // 100, len(pool.codes) - pool.next_free)
        for _code in range(count if start < end else 0):
            customer = random.randrange(known)
            if customer in pool.taken:
                continue
            first = max(start.timestamp(), float(crowd.registered[customer]))
            when = first + random.random() * (end.timestamp() - first)
            pool.give(customer, datetime.fromtimestamp(int(when), UTC))


def rows(pools: list[Pool], crowd: Crowd, shop: Shop, *, source: Source) -> Iterator[Publication]:
    """One publication for each code that somebody holds, in the order of time."""
    given = sorted(
        (pool.given[index], number, index)
        for number, pool in enumerate(pools)
        for index in range(pool.next_free)
    )
    for second, number, index in given:
        pool = pools[number]
        when = datetime.fromtimestamp(second, UTC)
        yield Publication(
            project=pool.project,
            public_id=ids.make("pub_", source.seed, source.slug, pool.key, index),
            voucher_id=pool.first_pk + index,
            voucher_ids=[ids.make("v_", source.seed, source.slug, pool.key, index)],
            campaign=pool.campaign,
            customer_id=crowd.first_pk + pool.holder[index],
            tracking_id=customers.source_id(shop, pool.holder[index]),
            channel="API" if pool.campaign is not None else "support",
            created_at=when,
            updated_at=when,
        )
