"""Bundles on the wire: how many an order holds, and what lacks to the next one."""

from collections.abc import Sequence
from typing import Any, TypedDict

from campaigns.engine.bundles import Bundled, Identified, Missing
from campaigns.engine.pricing import PricedLine


class BundleJson(TypedDict):
    """`identified` names lines by `item_index`, `missing` products, SKUs and collections."""

    quantity: int
    limit: int
    identified: list[dict[str, Any]]
    missing: list[dict[str, Any]]


def bundle_json(found: Bundled, lines: Sequence[PricedLine]) -> BundleJson:
    """`lines` are those of the order in which the bundles were looked for."""
    return {
        "quantity": found.quantity,
        "limit": found.limit,
        "identified": [_identified(each, lines) for each in found.identified],
        "missing": [_missing(each) for each in found.missing],
    }


def _identified(each: Identified, lines: Sequence[PricedLine]) -> dict[str, Any]:
    line = lines[each.index].line
    return {
        "id": line.sku_id or line.product_id or line.source_id,
        "object": "sku" if line.sku_id else "product",
        "item_index": each.index,
        "item_quantity": each.quantity,
    }


def _missing(each: Missing) -> dict[str, Any]:
    return {
        "id": each.component.id,
        "object": each.component.object,
        "item_quantity": each.quantity,
    }
