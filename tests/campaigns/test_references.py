"""What a rule names and nobody knows is told."""

import pytest

from campaigns.queries import references
from tests.factories.collection import CollectionFactory
from tests.factories.product import ProductFactory
from tests.factories.segment import SegmentFactory
from tests.factories.sku import SkuFactory

pytestmark = pytest.mark.usefixtures("in_project")


def entry(kind, **named):
    return {"object": kind, **named}


def in_segments(*segments):
    return {"1": {"name": "customer.segment", "conditions": {"$in": list(segments)}}}


def with_items(*entries):
    return {"1": {"name": "order.items.any", "conditions": {"$is": list(entries)}}}


def test_finds_nothing_wrong_with_what_is_there(django_assert_num_queries):
    product, sku = ProductFactory(source_id="beans"), SkuFactory()
    collection, segment = CollectionFactory(), SegmentFactory()
    document = {
        "rules": {
            **in_segments(segment.public_id),
            "2": with_items(entry("product", id="beans"))["1"],
        },
        "applicable_to": {
            "included": [
                entry("product", id=product.public_id),
                entry("product", id="prod_other", source_id="beans"),
                entry("sku", id=sku.public_id),
                entry("product", id="prod_5h1pp1ng"),
                entry("products_collection", id=collection.public_id),
            ],
            "excluded": [entry("products_collection", id="pc_a11pr0dUc75")],
        },
    }

    with django_assert_num_queries(4):
        assert references.unknown(document=document) == []


def test_asks_nothing_for_a_rule_that_names_nothing(django_assert_num_queries):
    rules = {"1": {"name": "order.amount", "conditions": {"$more_than": [1]}}}

    with django_assert_num_queries(0):
        assert references.unknown(document={"rules": rules}) == []


def test_names_what_is_not_there_once():
    gone = entry("product", id="prod_gone")
    bundle = {
        "1": {
            "name": "order.items.any",
            "conditions": {"$is": [entry("products_collection", id="pc_gone")]},
        }
    }
    document = {
        "rules": {**in_segments("seg_gone", "seg_gone"), "2": with_items(gone)["1"]},
        "applicable_to": {
            "included": [gone, entry("sku", source_id="no-sku")],
            "excluded": [entry("sku", id="sku_gone")],
        },
        "bundle_rules": bundle,
    }

    assert references.unknown(document=document) == [
        "Cannot find segment with id seg_gone",
        "Cannot find products collection with id pc_gone",
        "Cannot find product with id prod_gone",
        "Cannot find sku with id no-sku",
        "Cannot find sku with id sku_gone",
    ]


@pytest.mark.requirement(174)
def test_does_not_know_what_belongs_to_others(other_project):
    segment = SegmentFactory(project=other_project)
    collection = CollectionFactory(project=other_project)
    rule = {
        "rules": in_segments(segment.public_id),
        "applicable_to": {"included": [entry("products_collection", id=collection.public_id)]},
    }

    assert len(references.unknown(document=rule)) == 2
