"""The customers of a demo shop: who they are, when they came, how much they buy."""

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from random import Random

from customers.models import Customer, CustomerSummary
from customers.services import profile
from loyalty_project.core.models import Project
from reporting.services.demo import bulk, ids, moments, rhythm
from reporting.services.demo.plan import People, Place, Shop, Source

_BEFORE_DAYS = 540
_NEW_SHARE = 0.3


@dataclass(slots=True)
class Crowd:
    """Customers as columns, by when they came; `registered` in seconds since 1970.

    `appetite` is the running sum of how much each buys: a few buy a lot, most buy little.
    """

    first_pk: int
    registered: array
    appetite: array
    orders: array = field(default_factory=lambda: array("l"))
    amount: array = field(default_factory=lambda: array("q"))
    last_amount: array = field(default_factory=lambda: array("q"))
    last_order: array = field(default_factory=lambda: array("q"))
    redeemed: array = field(default_factory=lambda: array("l"))
    refused: array = field(default_factory=lambda: array("l"))
    rolled_back: array = field(default_factory=lambda: array("l"))

    def __post_init__(self) -> None:
        for column in (
            self.orders,
            self.amount,
            self.last_amount,
            self.last_order,
            self.redeemed,
            self.refused,
            self.rolled_back,
        ):
            column.extend([0] * len(self.registered))

    def pick(self, at: datetime, random: Random) -> int:
        """Who orders at a moment: often somebody new, else the more likely the more they buy."""
        known = max(1, bisect_right(self.registered, at.timestamp()))
        if random.random() < _NEW_SHARE:
            return max(0, known - 1 - int(random.expovariate(1 / 9)))
        wanted = random.random() * self.appetite[known - 1]
        return min(bisect_right(self.appetite, wanted), known - 1)

    def known_at(self, at: datetime) -> int:
        """How many have registered."""
        return bisect_right(self.registered, at.timestamp())


def gather(shop: Shop, count: int, *, at: datetime, source: Source) -> Crowd:
    """Decide when customers come: a third was there before the year, the others spread over it."""
    random = source.stream("registrations")
    old = max(1, count * 3 // 10)
    start = (at - timedelta(days=rhythm.DAYS)).timestamp()
    came = [start - random.random() ** 0.8 * _BEFORE_DAYS * 86_400 for _ in range(old)]
    days = rhythm.per_day(shop.rhythm, count - old, at=at, zone=shop.zone)
    for day, number in rhythm.days_of(days):
        found = rhythm.instants(shop.rhythm, day, number, at=at, zone=shop.zone, random=random)
        came += [moment.timestamp() for moment in found]
    registered = array("q", sorted(map(int, came)))
    weights = (min(random.paretovariate(1.05), 60.0) for _ in range(count))
    return Crowd(
        first_pk=bulk.reserve(Customer, count),
        registered=registered,
        appetite=array("d", accumulate(weights)),
    )


def rows(
    project: Project, shop: Shop, crowd: Crowd, *, at: datetime, source: Source
) -> Iterator[Customer]:
    """Unsaved customers, in order of registration."""
    random = source.stream("customers")
    groups = [people.weight for people in shop.people]
    tiers, tier_weights = zip(*shop.words.tiers, strict=True)
    for number, second in enumerate(crowd.registered):
        people = random.choices(shop.people, groups)[0]
        came = datetime.fromtimestamp(second, UTC)
        customer = Customer(
            pk=crowd.first_pk + number,
            project=project,
            public_id=public_id(source, number),
            created_at=came,
            updated_at=min(at, came + timedelta(seconds=random.randint(0, 20 * 86_400))),
        )
        values = _person(people, number, came, random)
        values["source_id"] = source_id(shop, number)
        values["metadata"] = {
            "language": people.language,
            "tier": random.choices(tiers, tier_weights)[0],
            "newsletter": random.random() < 0.62,
        }
        profile.apply(customer=customer, values=values)
        yield customer


def public_id(source: Source, number: int) -> str:
    return ids.make("cust_", source.seed, source.slug, number)


def source_id(shop: Shop, number: int) -> str:
    return f"{shop.order_prefix}C{number + 10_001}"


def summaries(project: Project, crowd: Crowd, *, at: datetime) -> Iterator[CustomerSummary]:
    """What each customer did, for those who did anything."""
    for number in range(len(crowd.registered)):
        counts = (crowd.orders[number], crowd.redeemed[number], crowd.refused[number])
        if not any(counts):
            continue
        has_ordered = crowd.last_order[number] > 0 and crowd.orders[number] > 0
        last = datetime.fromtimestamp(crowd.last_order[number], UTC) if has_ordered else None
        yield CustomerSummary(
            project=project,
            customer_id=crowd.first_pk + number,
            orders_count=crowd.orders[number],
            orders_amount=crowd.amount[number],
            last_order_amount=crowd.last_amount[number] if has_ordered else None,
            last_order_at=last,
            redemptions_succeeded=crowd.redeemed[number],
            redemptions_failed=crowd.refused[number],
            rollbacks_succeeded=crowd.rolled_back[number],
            created_at=datetime.fromtimestamp(crowd.registered[number], UTC),
            updated_at=last or at,
        )


def _person(people: People, number: int, came: datetime, random: Random) -> profile.Values:
    given, given_latin = random.choice(people.given)
    family, family_latin = random.choice(people.family)
    place = random.choices(people.places, [place.weight for place in people.places])[0]
    mail = f"{given_latin}.{family_latin}".replace(" ", "").replace("'", "")
    return {
        "name": f"{given} {family}",
        "email": f"{mail}{number + 1}@{people.mail_domain}",
        "phone": _digits(place.phone, random),
        "birth_on": _birthday(came, random),
        "address_line_1": _street(people, place, random),
        "city": place.city,
        "state": place.state,
        "postal_code": _postal_code(place, random),
        "country": place.country,
    }


def _street(people: People, place: Place, random: Random) -> str:
    street, number = random.choice(place.streets), random.randint(1, 120)
    shown = moments.persian_digits(number) if people.language == "fa" else str(number)
    return place.address.format(street=street, number=shown)


def _digits(pattern: str, random: Random) -> str:
    return "".join(random.choice("0123456789") if sign == "#" else sign for sign in pattern)


def _postal_code(place: Place, random: Random) -> str:
    """The first digit of a code is never 0."""
    first, rest = place.postal_code[:1], place.postal_code[1:]
    return (random.choice("123456789") if first == "#" else first) + _digits(rest, random)


def _birthday(came: datetime, random: Random) -> date | None:
    if random.random() < 0.3:
        return None
    years = min(max(random.gauss(36, 11), 18), 82)
    return came.date() - timedelta(days=int(years * 365.25))
