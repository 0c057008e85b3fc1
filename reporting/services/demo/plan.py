"""What a demo shop is made of. Prices and discounts are in major units here: 12.90 euros."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

Metadata = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many rows in all; the shops share them."""

    customers: int = 2_000
    orders: int = 8_000
    codes: int = 20_000


@dataclass(frozen=True, slots=True)
class Place:
    """`phone` and `postal_code` get a random digit for each `#`; no such phone rings anywhere."""

    city: str
    state: str
    country: str
    postal_code: str
    streets: tuple[str, ...]
    phone: str
    weight: int = 1
    address: str = "{street} {number}"


@dataclass(frozen=True, slots=True)
class People:
    """Names are pairs: as written, and in Latin letters for addresses of e-mail."""

    given: tuple[tuple[str, str], ...]
    family: tuple[tuple[str, str], ...]
    places: tuple[Place, ...]
    language: str
    mail_domain: str
    weight: int


@dataclass(frozen=True, slots=True)
class Variant:
    """A SKU. `price` None is the price of the product."""

    key: str
    name: str
    attributes: Mapping[str, str]
    price: str | None = None


@dataclass(frozen=True, slots=True)
class Good:
    """A product; a higher `weight` sells more."""

    key: str
    name: str
    price: str
    metadata: Metadata
    attributes: tuple[str, ...] = ()
    variants: tuple[Variant, ...] = ()
    weight: int = 10


@dataclass(frozen=True, slots=True)
class Section:
    """A category of incentives."""

    key: str
    name: str
    hierarchy: int
    stacking_rules_type: str = ""


def percent_off(percent: float, *, at_most: str = "") -> dict[str, Any]:
    """A discount of the order; `at_most` in major units."""
    limit = {"amount_limit": at_most} if at_most else {}
    return {"type": "PERCENT", "percent_off": percent, **limit, "effect": "APPLY_TO_ORDER"}


def amount_off(amount: str) -> dict[str, Any]:
    """The same, of a fixed amount in major units."""
    return {"type": "AMOUNT", "amount_off": amount, "effect": "APPLY_TO_ORDER"}


@dataclass(frozen=True, slots=True)
class Promotion:
    """A campaign. `code` makes it one code for everybody, else it gets `share` of the unique codes.

    `uses` is the redemption limit of each code (None: unlimited); `limit_per_thousand` sets it from
    the number of orders. Off since `disabled_at`. `weight` says how often buyers use it while it
    works, `published` how many of its codes were given out but not used, in percent of all.
    """

    key: str
    name: str
    description: str
    section: str
    discount: Mapping[str, Any]
    starts_at: datetime | None
    created_at: datetime
    code: str = ""
    prefix: str = ""
    pattern: str = ""
    share: int = 0
    uses: int | None = 1
    limit_per_thousand: int | None = None
    expires_at: datetime | None = None
    disabled_at: datetime | None = None
    draft: bool = False
    on_request: bool = False
    lifetime: str = ""
    days_of_week: tuple[int, ...] = ()
    hours: tuple[str, str] | None = None
    weight: int = 0
    published: int = 0
    metadata: Metadata = field(default_factory=dict)

    @property
    def is_public(self) -> bool:
        return bool(self.code)


@dataclass(frozen=True, slots=True)
class Peak:
    """Days from `first` to `last` sell `factor` times as much."""

    first: date
    last: date
    factor: float


@dataclass(frozen=True, slots=True)
class Rhythm:
    """`weekdays` from Monday, `hours` from midnight; `growth` is the last day over the first."""

    weekdays: tuple[int, ...]
    hours: tuple[int, ...]
    growth: float
    peaks: Callable[[date, date], tuple[Peak, ...]]


@dataclass(frozen=True, slots=True)
class Apology:
    """Single codes without a campaign, given by the support desk."""

    pattern: str
    section: str
    discount: Mapping[str, Any]
    note: str
    reason: str


@dataclass(frozen=True, slots=True)
class Words:
    """Sentences of the shop in its own language."""

    rollback_reasons: tuple[str, ...]
    channels: tuple[tuple[str, int], ...]
    tiers: tuple[tuple[str, int], ...]
    cancel_note: str


@dataclass(frozen=True, slots=True)
class Shop:
    """A whole project. `share` of the sizes is in percent."""

    slug: str
    name: str
    description: str
    currency: str
    timezone: str
    locale: str
    dial_code: str
    case_sensitive_codes: bool
    share: int
    trusted_domain: str
    people: tuple[People, ...]
    goods: tuple[Good, ...]
    sections: tuple[Section, ...]
    promotions: Callable[[datetime, ZoneInfo], tuple[Promotion, ...]]
    apology: Apology
    rhythm: Rhythm
    words: Words
    order_prefix: str
    basket: tuple[tuple[int, int], ...]
    schemas: Mapping[str, Mapping[str, Any]]
    plays: Any = None
    cards: Any = None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


@dataclass(frozen=True, slots=True)
class Source:
    """Chance that can be repeated: one independent stream per purpose, the same for a same seed."""

    seed: int
    slug: str

    def stream(self, purpose: str) -> Random:
        return Random(f"{self.seed}/{self.slug}/{purpose}")


def minor(amount: str, exponent: int) -> int:
    """12.90 with an exponent of 2 is 1290."""
    return int(Decimal(amount).scaleb(exponent))
