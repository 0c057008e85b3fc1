"""What the engine is told about the order, the customer and the past.

Amounts are integers in minor units. None means "not given", which is not zero: a line without
amounts contributes nothing to the order and gets no discount.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Metadata = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Product:
    """`stock` is how many units are left to give away, None where they are not counted."""

    id: str
    source_id: str | None = None
    name: str | None = None
    price: int | None = None
    metadata: Metadata = field(default_factory=dict)
    stock: int | None = None


@dataclass(frozen=True, slots=True)
class Sku:
    """`sku` is the published name of its name; a price of None falls back to the product's.

    A stock does not: it is of this very SKU.
    """

    id: str
    product: Product
    source_id: str | None = None
    sku: str | None = None
    price: int | None = None
    metadata: Metadata = field(default_factory=dict)
    stock: int | None = None

    @property
    def unit_price(self) -> int | None:
        return self.product.price if self.price is None else self.price


@dataclass(frozen=True, slots=True)
class Line:
    """One order item as it stands before this request.

    `source_id` belongs to what `related_object` says ("product" or "sku"). `product` and `sku` are
    catalog facts where the item is known. `collection_ids` names the collections that hold it.
    `discount_*` and `initial_*` are what earlier redemptions of the same order left; `initial_*` is
    None for lines whose units were never changed. `cost` is what one unit costs the shop.
    """

    product_id: str | None = None
    sku_id: str | None = None
    source_id: str | None = None
    related_object: str | None = None
    quantity: int = 1
    price: int | None = None
    amount: int | None = None
    product: Product | None = None
    sku: Sku | None = None
    collection_ids: frozenset[str] = frozenset()
    metadata: Metadata = field(default_factory=dict)
    id: str | None = None
    discount_amount: int = 0
    discount_quantity: int = 0
    initial_amount: int | None = None
    initial_quantity: int | None = None
    cost: int | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """`amount` is used as given, even where it disagrees with the lines; None is their sum.

    `discount_amount` is what earlier redemptions took off the order as a whole, `credits_amount`
    what of all its discounts gift cards paid.
    """

    lines: tuple[Line, ...] = ()
    amount: int | None = None
    initial_amount: int | None = None
    discount_amount: int = 0
    credits_amount: int = 0
    id: str | None = None
    source_id: str | None = None
    status: str | None = None
    metadata: Metadata = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Customer:
    """`attributes` are those of the profile by their published names, "city", "birthday" …

    `segments` and `loyalty_tiers` hold the ids of those that the customer is in. Sums are over all
    time; None is not known. `guest` stands for the e-mail or phone of one who is not known.
    """

    id: str | None = None
    source_id: str | None = None
    metadata: Metadata = field(default_factory=dict)
    attributes: Metadata = field(default_factory=dict)
    segments: frozenset[str] = frozenset()
    loyalty_tiers: frozenset[str] = frozenset()
    orders_count: int | None = None
    orders_amount: int | None = None
    last_order_at: datetime | None = None
    last_order_amount: int | None = None
    guest: str | None = None

    @property
    def identity(self) -> str | None:
        """What counts of the customer are kept by; nobody can call themselves like a guest."""
        named = f"source_{self.source_id}" if self.source_id else None
        return self.id or named or self.guest


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks and from where: `context` is the object of that name in the request.

    Its members are `channel`, `placement`, `store` and what else the caller says.
    """

    api_key: str | None = None
    user: str | None = None
    context: Metadata = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Usage:
    """How often a redeemable was used and is held by sessions other than this request's."""

    limit: int | None = None
    redeemed: int = 0
    held: int = 0

    @property
    def left(self) -> int | None:
        """None is unlimited."""
        return None if self.limit is None else max(0, self.limit - self.redeemed - self.held)

    @property
    def is_held(self) -> bool:
        """Whether there would be something left if no other session held it."""
        return self.left == 0 and self.redeemed < (self.limit or 0)
