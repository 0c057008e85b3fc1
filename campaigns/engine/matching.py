"""Whether a line is of a product, a SKU or a collection."""

from campaigns.engine.facts import Line
from campaigns.engine.redeemable import ApplicableTo


def matches(entry: ApplicableTo, line: Line) -> bool:
    """By id, or by source id where the line names the kind of object that the source id is of."""
    if entry.object == "products_collection":
        return entry.id in line.collection_ids
    if entry.object == "sku":
        identifier = line.sku_id
    else:
        identifier = line.product_id
        if identifier is None and line.sku is not None:
            identifier = line.sku.product.id
    if identifier is not None and entry.id == identifier:
        return True
    source_id = _source_id(line, entry.object)
    return source_id is not None and source_id in (entry.id, entry.source_id)


def _source_id(line: Line, related_object: str) -> str | None:
    """What the line says of itself, else what the catalog knows."""
    if line.source_id is not None and line.related_object in {related_object, None}:
        return line.source_id
    if related_object == "sku":
        return line.sku.source_id if line.sku is not None else None
    product = line.product or (line.sku.product if line.sku is not None else None)
    return product.source_id if product is not None else None
