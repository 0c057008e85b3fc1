"""A discount on a cart that somebody makes up, computed as at a till: nothing is stored."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from campaigns import sentences
from campaigns.admin.builder import choices, values
from campaigns.admin.builder.drafts import Problems, mapping, text
from campaigns.admin.builder.facts import Editor
from campaigns.admin.words import here
from campaigns.engine import effects, facts, operands, rules
from campaigns.engine.context import Context
from campaigns.engine.effects.unit import UnitDiscount
from campaigns.engine.evaluate import evaluate
from campaigns.engine.pricing import PricedLine, PricedOrder
from campaigns.engine.redeemable import Kind, Redeemable, Rule
from campaigns.engine.results import Evaluation
from loyalty_project.core import currencies
from loyalty_project.core.models import Project
from loyalty_project.core.predicates import All
from rewards import queries
from rewards.models import Product, Sku
from rewards.queries import holding

LINES_MAX = 20
LINES_SHOWN = 3
# Of the first product of a made-up cart: the first number that shows a discount is taken.
COUNTS = (2, 3, 4, 6, 10, 12)


@dataclass(slots=True)
class Cart:
    """Lines as they were typed, and as the engine reads them; names by their place."""

    lines: list[facts.Line] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    problems: Problems = field(default_factory=Problems)


def read_cart(*, project: Project, typed: Sequence[Any], at: datetime) -> Cart:
    """`[{"item": {"object", "id"} or a name, "quantity", "price"}]` with prices in major units.

    A product without a typed price has that of the catalog.
    """
    rows = [mapping(row) for row in typed[:LINES_MAX]]
    found = queries.find_items(references=[_id_of(row) for row in rows])
    goods = [found.products.get(_id_of(row)) or found.skus.get(_id_of(row)) for row in rows]
    held = _collections(project, goods, at)
    cart = Cart()
    for place, (row, item) in enumerate(zip(rows, goods, strict=True)):
        name = row.get("item")
        cart.names.append(_label(item) if item is not None else text(name))
        cart.lines.append(_line(row, item, held, cart.problems, f"lines.{place}"))
    return cart


def work(
    *,
    project: Project,
    discount: Mapping[str, Any],
    documents: Iterable[Mapping[str, Any]],
    cart: Cart,
    at: datetime,
) -> Evaluation:
    """What the discount does to the cart where every condition of its rules is met."""
    bare = Redeemable(Kind.VOUCHER, "example", code="EXAMPLE", discount=effects.read(discount))
    met = [_without_conditions(rules.read(each, rule_id="")) for each in documents]
    redeemable = rules.assign(bare, met)
    given = choices.references_in(dict(discount))
    catalog = queries.find_items(references=given)
    return evaluate(
        Context(
            at=at,
            time_zone=ZoneInfo(project.timezone),
            redeemables=(redeemable,),
            order=facts.Order(lines=tuple(cart.lines)),
            catalog={
                **{name: _product(row) for name, row in catalog.products.items()},
                **{name: _sku(row) for name, row in catalog.skus.items()},
            },
            exponent=currencies.find(project.currency, on=at.date()).exponent,
        )
    )


def answer(evaluation: Evaluation, cart: Cart) -> dict[str, Any]:
    """`{"lines", "on_order", "total", "why", "gives"}` in words and written amounts."""
    order = evaluation.order
    if order is None:
        reasons = [each.reason for each in evaluation.inapplicable]
        why = sentences.why(reasons[0], here()) if reasons else ""
        return {"lines": [], "total": None, "why": why, "gives": False}
    money = here().amount
    lines = [_shown(line, _name(line, cart, place)) for place, line in enumerate(order.lines)]
    on_order = order.applied_discount_amount
    return {
        "lines": lines,
        "on_order": money(on_order) if on_order else "",
        "total": _total(order),
        "why": "",
        "gives": order.total_applied_discount_amount > 0,
    }


def unknown(
    *, project: Project, discount: Mapping[str, Any], evaluation: Evaluation, at: datetime
) -> str:
    """Which facts of its formulas the example lacks, so that a fixed value counted; else empty."""
    order = evaluation.order
    read = effects.read(discount)
    units = read.units if isinstance(read, UnitDiscount) else (read,)
    formulas = [each.formula for each in units if each.formula is not None]
    if order is None:
        return ""
    redeemable = Redeemable(Kind.VOUCHER, "example", code="EXAMPLE", discount=read)
    context = Context(at=at, time_zone=ZoneInfo(project.timezone), redeemables=(redeemable,))
    scope = operands.Scope(context, redeemable, order)
    return sentences.unknown_in(
        {each for formula in formulas for each in operands.missing(formula, scope)}
    )


def default_cart(documents: Iterable[Mapping[str, Any]], discount: Mapping[str, Any]) -> list[Any]:
    """Products that matter to the discount, then others of the catalog, as lines to change."""
    wanted = choices.references_in([dict(each) for each in documents] + [dict(discount)])
    found = queries.find_items(references=wanted)
    known: list[Product | Sku] = [*found.products.values(), *found.skus.values()]
    mattering = [row for row in known if _price(row)]
    others: QuerySet[Product] = Product.objects.filter(deleted_at=None, price__gt=0).order_by("pk")
    rows = list(dict.fromkeys([*mattering[:LINES_SHOWN], *others[:LINES_SHOWN]]))[:LINES_SHOWN]
    return [
        {"item": {"object": _kind(row), "id": row.public_id}, "quantity": count, "price": ""}
        for row, count in zip(rows, ("2", "1", "3"), strict=False)
    ]


def with_more(cart: Sequence[Mapping[str, Any]], count: int) -> list[Any]:
    """The same cart with more of its first product."""
    return [
        {**line, **({} if place else {"quantity": str(count)})} for place, line in enumerate(cart)
    ]


def _without_conditions(rule: Rule) -> Rule:
    return replace(rule, tree=All(()), holds=lambda _subject: True, looks_after=False, counts=False)


def _id_of(row: Mapping[str, Any]) -> str:
    return text(mapping(row.get("item")).get("id"))


def _line(
    row: Mapping[str, Any],
    item: Product | Sku | None,
    held: Mapping[str, frozenset[str]],
    problems: Problems,
    path: str,
) -> facts.Line:
    price = _price(item) if item is not None else None
    quantity = 1
    try:
        if text(row.get("price")):
            price = max(0, values.closed(Editor.MONEY, row["price"]))
    except ValidationError as error:
        problems.add(path, "price", error)
    try:
        quantity = values.closed(Editor.COUNT, text(row.get("quantity")) or "1")
    except ValidationError as error:
        problems.add(path, "quantity", error)
    sku = item if isinstance(item, Sku) else None
    product = sku.product if sku is not None else item
    return facts.Line(
        product_id=product.public_id if product is not None else None,
        sku_id=sku.public_id if sku is not None else None,
        source_id=item.source_id if item is not None else None,
        related_object=_kind(item) if item is not None else None,
        quantity=quantity,
        price=price,
        product=_product(product) if isinstance(product, Product) else None,
        sku=_sku(sku) if sku is not None else None,
        collection_ids=held.get(item.public_id, frozenset()) if item is not None else frozenset(),
    )


def _collections(
    project: Project, goods: Sequence[Product | Sku | None], at: datetime
) -> dict[str, frozenset[str]]:
    products = [row for row in goods if isinstance(row, Product)]
    skus = [row for row in goods if isinstance(row, Sku)]
    held = holding.collections_of(project=project, products=products, skus=skus, at=at)
    return {
        **{row.public_id: held.products[row.pk] for row in products if row.pk},
        **{row.public_id: held.skus[row.pk] for row in skus},
    }


def _product(row: Product) -> facts.Product:
    return facts.Product(row.public_id, row.source_id, row.name, row.price, row.metadata)


def _sku(row: Sku) -> facts.Sku:
    return facts.Sku(
        row.public_id, _product(row.product), row.source_id, row.sku, row.price, row.metadata
    )


def _kind(row: Product | Sku) -> str:
    return "sku" if isinstance(row, Sku) else "product"


def _price(row: Product | Sku) -> int | None:
    if row.price is None and isinstance(row, Sku):
        return row.product.price
    return row.price


def _label(row: Product | Sku) -> str:
    return f"{row.product} · {row}" if isinstance(row, Sku) else str(row)


def _name(line: PricedLine, cart: Cart, place: int) -> str:
    """That of the cart, for what the discount added that of the catalog."""
    if place < len(cart.names):
        return cart.names[place]
    sku, product = line.line.sku, line.line.product
    found = (sku.sku or sku.product.name) if sku is not None else product and product.name
    return str(found or line.line.sku_id or line.line.product_id or "")


def _shown(line: PricedLine, name: str) -> dict[str, Any]:
    money = here().amount
    off = line.applied_discount_amount
    return {
        "name": name,
        "quantity": line.quantity,
        "before": money(line.amount or 0),
        "discount": money(off) if off else "",
        "after": money((line.amount or 0) - off),
    }


def _total(order: PricedOrder) -> dict[str, str]:
    """Before is with what the discount added, so that the sum is right."""
    money, off = here().amount, order.total_applied_discount_amount
    return {
        "before": money(order.total_amount + off),
        "discount": money(off),
        "after": money(order.total_amount),
    }
