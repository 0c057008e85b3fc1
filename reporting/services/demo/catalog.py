"""The products and SKUs of a demo shop, as rows and as what the engine reads."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any

from campaigns.engine import facts
from loyalty_project.core import search
from loyalty_project.core.models import Project
from redemptions import snapshots
from reporting.services.demo import bulk, ids
from reporting.services.demo.plan import Good, Shop, Source, minor
from rewards.models import Product, Sku

# What a product costs the shop, of its price; its SKUs cost the same.
COST_PERCENT = 55


@dataclass(frozen=True, slots=True)
class Item:
    """Something to buy: a product, or one of its SKUs. `price` in minor units."""

    product: facts.Product
    sku: facts.Sku | None
    price: int
    product_json: dict[str, Any] | None
    sku_json: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Catalog:
    """`weights` is the running sum of how well the items sell."""

    items: tuple[Item, ...]
    weights: tuple[int, ...]

    def pick(self, count: int, random: Random) -> list[Item]:
        """Some different items."""
        found: dict[str, Item] = {}
        while len(found) < count:
            item = random.choices(self.items, cum_weights=self.weights)[0]
            found[item.product.id] = item
        return list(found.values())


def load(project: Project, shop: Shop, *, exponent: int, at: datetime, source: Source) -> Catalog:
    """Write the products and SKUs of a shop."""
    created = at - timedelta(days=400)
    first_pk = bulk.reserve(Product, len(shop.goods))
    products, skus, weights = [], [], []
    for number, good in enumerate(shop.goods):
        product = _product(project, good, exponent, source)
        product.pk = first_pk + number
        product.created_at = product.updated_at = created + timedelta(hours=number)
        products.append(product)
        variants = _skus(product, shop, good, exponent, source)
        skus += variants
        weights += [good.weight * 12 // max(1, len(variants))] * max(1, len(variants))
    first_sku = bulk.reserve(Sku, len(skus))
    for number, sku in enumerate(skus):
        sku.pk = first_sku + number
    bulk.copy(products)
    bulk.copy(skus)
    return Catalog(tuple(_items(products, skus)), tuple(accumulate(weights)))


def _product(project: Project, good: Good, exponent: int, source: Source) -> Product:
    return Product(
        project=project,
        public_id=ids.make("prod_", source.seed, source.slug, good.key),
        source_id=good.key,
        name=good.name,
        price=minor(good.price, exponent),
        cost=minor(good.price, exponent) * COST_PERCENT // 100,
        attributes=list(good.attributes),
        metadata=dict(good.metadata),
        search_name=search.words(good.name, good.key),
    )


def _skus(product: Product, shop: Shop, good: Good, exponent: int, source: Source) -> list[Sku]:
    return [
        Sku(
            project=product.project,
            product=product,
            public_id=ids.make("sku_", source.seed, source.slug, good.key, variant.key),
            source_id=f"{good.key}-{variant.key}",
            sku=variant.name,
            price=None if variant.price is None else minor(variant.price, exponent),
            currency=shop.currency,
            attributes=dict(variant.attributes),
            metadata=dict(good.metadata),
            created_at=product.created_at,
            updated_at=product.updated_at,
        )
        for variant in good.variants
    ]


def _items(products: list[Product], skus: list[Sku]) -> list[Item]:
    found = []
    for product in products:
        goods = snapshots.product(product)
        variants = [snapshots.sku(sku) for sku in skus if sku.product is product]
        found += [_item(goods, variant) for variant in variants] or [_item(goods, None)]
    return found


def _item(goods: facts.Product, stock: facts.Sku | None) -> Item:
    price = goods.price if stock is None else stock.unit_price
    return Item(
        product=goods,
        sku=stock,
        price=price or 0,
        product_json=snapshots.product_json(goods),
        sku_json=snapshots.sku_json(stock),
    )
