"""Which lines are of a product, a SKU or a collection."""

from collections.abc import Iterable, Iterator, Sequence

from campaigns.engine.facts import Line
from campaigns.engine.redeemable import ApplicableTo

COLLECTION, SKU, PRODUCT = "products_collection", "sku", "product"
SOURCE = "source id of a "


class Goods:
    """The facts of the lines of an order, filed under what entries call them when first asked."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._named: dict[tuple[str, str], list[int]] = {}
        self._filed = False
        self._found: dict[tuple[str, str, str | None], tuple[int, ...]] = {}

    def places(self, entry: ApplicableTo) -> tuple[int, ...]:
        """The places of the lines that an entry covers, from 0, in the sequence of the order.

        By id, or by source id where the line names the kind of object that the source id is of.
        """
        asked = entry.object, entry.id, entry.source_id
        found = self._found.get(asked)
        if found is None:
            found = self._found[asked] = self._places(entry)
        return found

    def _places(self, entry: ApplicableTo) -> tuple[int, ...]:
        if not self._filed:
            self._file()
        named, kind = self._named, entry.object
        if kind == COLLECTION:
            return tuple(named.get((COLLECTION, entry.id), ()))
        found = set(named.get((kind, entry.id), ()))
        found.update(named.get((SOURCE + kind, entry.id), ()))
        if entry.source_id is not None:
            found.update(named.get((SOURCE + kind, entry.source_id), ()))
        return tuple(sorted(found))

    def all_places(self, entries: Iterable[ApplicableTo]) -> frozenset[int]:
        """The places that any of the entries covers."""
        return frozenset(place for entry in entries for place in self.places(entry))

    def _file(self) -> None:
        named: dict[tuple[str, str], list[int]] = {}
        for place, line in enumerate(self._lines):
            for name in _names(line):
                named.setdefault(name, []).append(place)
        self._named, self._filed = named, True


def _names(line: Line) -> Iterator[tuple[str, str]]:
    for collection in line.collection_ids:
        yield COLLECTION, collection
    product_id = line.product_id
    if product_id is None and line.sku is not None:
        product_id = line.sku.product.id
    for kind, identifier in ((SKU, line.sku_id), (PRODUCT, product_id)):
        if identifier is not None:
            yield kind, identifier
        source_id = _source_id(line, kind)
        if source_id is not None:
            yield SOURCE + kind, source_id


def _source_id(line: Line, related_object: str) -> str | None:
    """What the line says of itself, else what the catalog knows."""
    if line.source_id is not None and line.related_object in {related_object, None}:
        return line.source_id
    if related_object == SKU:
        return line.sku.source_id if line.sku is not None else None
    product = line.product or (line.sku.product if line.sku is not None else None)
    return product.source_id if product is not None else None
