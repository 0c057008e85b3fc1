"""What a rule names that nobody knows. It is taken all the same: it may come later."""

from collections.abc import Iterator, Mapping
from typing import Any

from campaigns.engine import rules
from campaigns.engine.redeemable import ApplicableTo, Component, Rule
from customers import queries as customer_queries
from loyalty_project.core.predicates import logic
from rewards import queries as reward_queries
from rewards.models import ALL_PRODUCTS_ID, ProductCollection

COLLECTION = "products_collection"


def unknown(*, document: Mapping[str, Any]) -> list[str]:
    """One sentence for each segment, product, SKU and collection that is not there.

    `document` is that of a rule, as stored. Three queries at most.
    """
    rule = rules.read(document, rule_id="")
    missing = [("segment", name) for name in _unknown_segments(set(_segments(rule)))]
    entries = list(_entries(rule))
    wanted = {entry.id for entry in entries if entry.object == COLLECTION} - {ALL_PRODUCTS_ID}
    missing += [("products collection", name) for name in _unknown_collections(wanted)]
    items = [entry for entry in entries if entry.object != COLLECTION]
    names = [name for entry in items for name in _names(entry)]
    found = reward_queries.find_items(references=names) if names else None
    if found is not None:
        known = found.products.keys() | found.skus.keys() | reward_queries.SHIPPING_REFERENCES
        missing += [(entry.object, entry.id) for entry in items if not known & _names(entry)]
    return [f"Cannot find {kind} with id {name}" for kind, name in dict.fromkeys(missing)]


def _segments(rule: Rule) -> Iterator[str]:
    for leaf in logic.leaves(rule.tree):
        if leaf.condition.name == "customer.segment":
            for comparison in leaf.condition.comparisons:
                yield from (str(value) for value in comparison.required)


def _entries(rule: Rule) -> Iterator[ApplicableTo | Component]:
    yield from rule.applicable_to
    yield from rule.inapplicable_to
    if rule.bundle is not None:
        yield from rule.bundle.components
    for leaf in logic.leaves(rule.tree):
        if leaf.condition.items is not None:
            yield from leaf.condition.items.entries


def _names(entry: ApplicableTo | Component) -> set[str]:
    source_id = getattr(entry, "source_id", None)
    return {entry.id, source_id} if source_id else {entry.id}


def _unknown_segments(wanted: set[str]) -> list[str]:
    if not wanted:
        return []
    rows = customer_queries.segments().filter(public_id__in=wanted)
    return sorted(wanted - set(rows.values_list("public_id", flat=True)))


def _unknown_collections(wanted: set[str]) -> list[str]:
    if not wanted:
        return []
    rows = ProductCollection.objects.filter(public_id__in=wanted)
    return sorted(wanted - set(rows.values_list("public_id", flat=True)))
