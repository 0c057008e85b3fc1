"""Orders as the engine reads them: from requests and from our rows, field by field, no queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from campaigns.engine import facts
from redemptions.models import Order, OrderItem
from rewards.models import Product, Sku

Wire = Mapping[str, Any]


class Catalog(Protocol):
    """Products and SKUs by each of their ids; SKUs come with their product."""

    @property
    def products(self) -> Mapping[str, Product]: ...

    @property
    def skus(self) -> Mapping[str, Sku]: ...


def references(items: Iterable[Wire]) -> list[str]:
    """Every id by which the items of a request name a product or SKU."""
    found: dict[str, None] = {}
    for item in items:
        product, sku = item.get("product") or {}, item.get("sku") or {}
        named = [item.get(name) for name in ("product_id", "sku_id", "source_id")]
        named += [part.get(name) for part in (product, sku) for name in ("id", "source_id")]
        found.update(dict.fromkeys(filter(None, named)))
    return list(found)


def sku_references(items: Iterable[Wire]) -> list[str]:
    """Those of them that can be of a SKU."""
    found: dict[str, None] = {}
    for item in items:
        own = item.get("source_id") if item.get("related_object") != "product" else None
        sku = item.get("sku") or {}
        named = (item.get("sku_id"), own, sku.get("id"), sku.get("source_id"))
        found.update(dict.fromkeys(filter(None, named)))
    return list(found)


def product(row: Product) -> facts.Product:
    return facts.Product(
        id=row.public_id,
        source_id=row.source_id,
        name=row.name or None,
        price=row.price,
        metadata=row.metadata,
        stock=row.stock,
    )


def sku(row: Sku) -> facts.Sku:
    return facts.Sku(
        id=row.public_id,
        product=product(row.product),
        source_id=row.source_id,
        sku=row.sku or None,
        price=row.price,
        metadata=row.metadata,
        stock=row.stock,
    )


def line(item: Wire, catalog: Catalog) -> facts.Line:
    """A line of a request; what it says of its product goes before what the catalog says.

    A line keeps the ids that it came with, also where the catalog does not know them.
    """
    kind = item.get("related_object")
    found_sku = _find(catalog.skus, item, "sku", kind)
    found_product = _find(catalog.products, item, "product", kind)
    stock = sku(found_sku) if found_sku is not None else None
    plain = product(found_product) if found_product is not None else None
    goods = _described(stock.product if stock is not None else plain, item.get("product"))
    return facts.Line(
        product_id=item.get("product_id") or (goods.id if goods and goods.id else None),
        sku_id=item.get("sku_id") or (stock.id if stock is not None else None),
        source_id=item.get("source_id"),
        related_object=kind,
        quantity=item.get("quantity", 1),
        price=item.get("price"),
        amount=item.get("amount"),
        product=goods,
        sku=_described_sku(stock, item.get("sku"), goods),
        metadata=item.get("metadata") or {},
        cost=cost(found_sku, found_product),
    )


def cost(stock: Sku | None, goods: Product | None) -> int | None:
    """What one unit costs; that of the product where the SKU has none."""
    if stock is not None and stock.cost is not None:
        return stock.cost
    goods = stock.product if stock is not None else goods
    return goods.cost if goods is not None else None


def stored_line(row: OrderItem) -> facts.Line:
    goods = read_product(row.product)
    return facts.Line(
        product_id=row.product_id or None,
        sku_id=row.sku_id or None,
        source_id=row.source_id or None,
        related_object=row.related_object or None,
        quantity=row.quantity,
        price=row.price,
        amount=row.amount,
        product=goods,
        sku=read_sku(row.sku, goods),
        metadata=row.metadata,
        id=row.public_id,
        discount_amount=row.discount_amount,
        discount_quantity=row.discount_quantity,
        initial_amount=row.initial_amount,
        initial_quantity=row.initial_quantity,
    )


def stored_order(row: Order, items: Sequence[OrderItem]) -> facts.Order:
    return facts.Order(
        lines=tuple(stored_line(item) for item in items),
        amount=row.amount,
        initial_amount=row.initial_amount,
        discount_amount=row.discount_amount,
        credits_amount=row.credits_amount,
        id=row.public_id,
        source_id=row.source_id,
        status=row.status,
        metadata=row.metadata,
    )


def order(given: Wire, stored: facts.Order | None, catalog: Catalog) -> facts.Order:
    """The order of a request, on top of the stored one where it names one.

    Items of the request take the place of the stored ones and keep what was taken off them before.
    """
    base = stored or facts.Order()
    changes: dict[str, Any] = {
        "source_id": given.get("source_id") or base.source_id,
        "metadata": {**base.metadata, **(given.get("metadata") or {})},
    }
    if given.get("items") is not None:
        lines = tuple(line(item, catalog) for item in given["items"])
        changes |= {"lines": _inherited(lines, base.lines), "amount": None, "initial_amount": None}
    for name in ("amount", "initial_amount", "status"):
        if given.get(name) is not None:
            changes[name] = given[name]
    if given.get("amount") is not None and given.get("initial_amount") is None:
        changes["initial_amount"] = None
    return replace(base, **changes)


def recorded(given: Wire, base: facts.Order) -> facts.Order:
    """The order with the discounts that a trusted caller says it had, e.g. in an import."""
    lines = list(base.lines)
    for index, item in enumerate(given.get("items") or ()):
        names = ("discount_amount", "discount_quantity", "initial_amount", "initial_quantity")
        known = {name: item[name] for name in names if item.get(name) is not None}
        if known:
            lines[index] = replace(lines[index], **known)
    discount = given.get("discount_amount")
    return replace(
        base,
        lines=tuple(lines),
        discount_amount=base.discount_amount if discount is None else discount,
    )


def product_json(goods: facts.Product | None) -> dict[str, Any] | None:
    """The published `product` of an order item."""
    if goods is None:
        return None
    return _present(
        id=goods.id,
        source_id=goods.source_id,
        name=goods.name,
        metadata=dict(goods.metadata),
        price=goods.price,
    )


def sku_json(stock: facts.Sku | None) -> dict[str, Any] | None:
    """The published `sku` of an order item."""
    if stock is None:
        return None
    return _present(
        id=stock.id,
        source_id=stock.source_id,
        sku=stock.sku,
        metadata=dict(stock.metadata),
        price=stock.price,
    )


def _find(known: Mapping[str, Any], item: Wire, name: str, kind: str | None) -> Any:
    described = item.get(name) or {}
    own = item.get("source_id") if kind == name else None
    for reference in (item.get(f"{name}_id"), own, described.get("id"), described.get("source_id")):
        if reference and reference in known:
            return known[reference]
    return None


def _described(goods: facts.Product | None, said: Wire | None) -> facts.Product | None:
    if not said:
        return goods
    base = goods or facts.Product(id="", source_id=said.get("source_id"))
    return replace(
        base,
        name=said.get("name") or base.name,
        price=base.price if said.get("price") is None else said["price"],
        metadata={**base.metadata, **(said.get("metadata") or {})},
    )


def _described_sku(
    stock: facts.Sku | None, said: Wire | None, goods: facts.Product | None
) -> facts.Sku | None:
    if stock is None and not said:
        return None
    said = said or {}
    owner = goods or facts.Product(id="")
    base = stock or facts.Sku(id="", product=owner, source_id=said.get("source_id"))
    return replace(
        base,
        product=owner,
        sku=said.get("sku") or base.sku,
        price=base.price if said.get("price") is None else said["price"],
        metadata={**base.metadata, **(said.get("metadata") or {})},
    )


def _inherited(
    lines: tuple[facts.Line, ...], before: tuple[facts.Line, ...]
) -> tuple[facts.Line, ...]:
    left = list(before)
    found = []
    for line in lines:
        old = next((known for known in left if same_goods(known, line)), None)
        if old is not None:
            left.remove(old)
        found.append(line if old is None else _after(old, line))
    return tuple(found)


def _after(old: facts.Line, new: facts.Line) -> facts.Line:
    return replace(
        new,
        id=old.id,
        discount_amount=old.discount_amount,
        discount_quantity=min(old.discount_quantity, new.quantity),
    )


def same_goods(one: facts.Line, other: facts.Line) -> bool:
    """Whether two lines are of one SKU, product or id of the shop."""
    if one.sku_id or other.sku_id:
        return one.sku_id == other.sku_id
    if one.product_id or other.product_id:
        return one.product_id == other.product_id
    return one.source_id is not None and one.source_id == other.source_id


def read_product(document: Wire | None) -> facts.Product | None:
    """The product as a stored line holds it."""
    if document is None:
        return None
    return facts.Product(
        id=document.get("id", ""),
        source_id=document.get("source_id"),
        name=document.get("name"),
        price=document.get("price"),
        metadata=document.get("metadata", {}),
    )


def read_sku(document: Wire | None, goods: facts.Product | None) -> facts.Sku | None:
    """The SKU as a stored line holds it."""
    if document is None:
        return None
    return facts.Sku(
        id=document.get("id", ""),
        product=goods or facts.Product(id=""),
        source_id=document.get("source_id"),
        sku=document.get("sku"),
        price=document.get("price"),
        metadata=document.get("metadata", {}),
    )


def _present(**members: Any) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value not in (None, "", {})}
