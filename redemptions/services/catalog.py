"""Products and SKUs that an order brings along with `override`; private to this package."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from campaigns.engine import facts
from loyalty_project.core.errors import Invalid
from loyalty_project.core.models import Project
from redemptions import snapshots
from rewards import queries
from rewards.services import products


def override(
    *, project: Project, given: Mapping[str, Any] | None, at: datetime
) -> tuple[dict[int, facts.Product], dict[int, facts.Sku]]:
    """Store what the items say of their products and SKUs; what it became, by place of the item.

    In the caller's transaction. Raises Invalid for a SKU of no product.
    """
    goods: dict[int, facts.Product] = {}
    stocks: dict[int, facts.Sku] = {}
    for place, item in _in_order((given or {}).get("items") or ()):
        product, sku = item.get("product") or {}, item.get("sku") or {}
        row = None
        if product.get("override"):
            row = products.upsert(project=project, data=_named(item, product, "product"), at=at)
            goods[place] = snapshots.product(row)
        if sku.get("override"):
            if row is None:
                row = _owner(item, product, place)
            named = _named(item, sku, "sku")
            stock = products.upsert_sku(project=project, product=row, data=named, at=at)
            stocks[place] = snapshots.sku(stock)
    return goods, stocks


def _in_order(items: Sequence[Mapping[str, Any]]) -> list[tuple[int, Mapping[str, Any]]]:
    """With their places, so that all who store the same goods lock them one after the other."""

    def goods(placed: tuple[int, Mapping[str, Any]]) -> list[str]:
        item = placed[1]
        product, sku = ({**item, **(item.get(kind) or {})} for kind in ("product", "sku"))
        return [str(each.get("source_id") or each.get("id") or "") for each in (product, sku)]

    return sorted(enumerate(items), key=goods)


def _named(item: Mapping[str, Any], described: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """The described product with the reference that the item has for it."""
    data = {name: value for name, value in described.items() if name != "override"}
    if "source_id" not in data and item.get("related_object") == kind and item.get("source_id"):
        data["source_id"] = item["source_id"]
    if "source_id" not in data and item.get(f"{kind}_id"):
        data.setdefault("id", item[f"{kind}_id"])
    return data


def _owner(item: Mapping[str, Any], product: Mapping[str, Any], place: int) -> Any:
    references = [item.get("product_id"), product.get("id"), product.get("source_id")]
    for reference in references:
        found = queries.find(reference=reference) if reference else None
        if found is not None:
            return found
    sku = queries.find_sku(reference=item.get("sku_id") or item.get("source_id") or "")
    if sku is not None:
        return sku.product
    raise Invalid(f"Property .items[{place}].product is needed to store its sku")
