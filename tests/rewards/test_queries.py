"""Which collections hold the rows of an order."""

import pytest

from loyalty_project.core import tenancy
from loyalty_project.core.services import projects
from rewards import queries
from rewards.models import ALL_PRODUCTS_ID
from rewards.queries import holding
from tests.factories.collection import CollectionFactory
from tests.factories.product import ProductFactory
from tests.factories.sku import SkuFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_project")]


def where(name, **conditions):
    return {"junction": "and", name: {"conditions": {f"${k}": v for k, v in conditions.items()}}}


@pytest.fixture
def collections_of(project, at):
    """`collections_of(product, sku, …)`: the ids of each, without that of all products."""

    def find(*rows):
        projects.bump_version(project=project)
        products = [row for row in rows if row._meta.model_name == "product"]
        skus = [row for row in rows if row._meta.model_name == "sku"]
        found = holding.collections_of(project=project, products=products, skus=skus, at=at)
        held = {("product", pk): ids for pk, ids in found.products.items()}
        held |= {("sku", pk): ids for pk, ids in found.skus.items()}
        assert all(ALL_PRODUCTS_ID in ids for ids in held.values())
        return [held[row._meta.model_name, row.pk] - {ALL_PRODUCTS_ID} for row in rows]

    return find


def test_all_products_are_in_the_collection_of_all(project, at):
    product, sku = ProductFactory(), SkuFactory()

    found = holding.collections_of(project=project, products=[product], skus=[sku], at=at)

    assert found.products == {product.pk: {"pc_a11pr0dUc75"}}
    assert found.skus == {sku.pk: {"pc_a11pr0dUc75"}}


def test_a_product_brings_its_skus_and_a_sku_comes_alone(collections_of):
    espresso = ProductFactory()
    small, large = SkuFactory(product=espresso), SkuFactory(product=espresso)
    whole = CollectionFactory(members=[espresso]).public_id
    part = CollectionFactory(members=[large]).public_id

    found = collections_of(espresso, small, large, ProductFactory())

    assert found == [{whole}, {whole}, {whole, part}, frozenset()]


def test_a_filter_holds_what_itself_matches(collections_of):
    cheap = CollectionFactory(filter=where("price", less_than=[1000])).public_id
    dark = CollectionFactory(filter=where("metadata.roast", **{"is": ["dark"]})).public_id
    beans = ProductFactory(price=1250, metadata={"roast": "dark"})
    sample, bag = SkuFactory(product=beans, price=300), SkuFactory(product=beans, price=None)

    assert collections_of(beans, sample, bag) == [{dark}, {cheap}, frozenset()]


@pytest.mark.parametrize(
    ("tree", "holds"),
    [
        (where("name", starts_with=["Yirga"]), (True, False)),
        (where("name", not_contain="cheffe"), (False, True)),
        (where("source_id", ends_with="-1"), (True, True)),
        (where("object", **{"is": "sku"}), (False, True)),
        (where("product_id", has_value=""), (False, True)),
        (where("attributes", contains=["size"]), (True, False)),
        (where("attributes", count=[2]), (True, False)),
        (where("attributes.size", **{"in": ["250 g", "1 kg"]}), (False, True)),
        (where("image_url", is_unknown=""), (False, True)),
        (where("skus", contains="sku-1"), (True, False)),
        (where("price", more_than_equal=[1490], less_than_equal=[1490]), (True, True)),
        (where("created_at", after=["2026-03-01T00:00:00Z"]), (True, False)),
        (where("created_at", more_than=[30]), (False, True)),
        (where("created_at", less_than_ago=[1]), (True, False)),
        ({"junction": "or", "name": {"conditions": {"$is": ["1 kg"]}}}, (False, True)),
    ],
)
def test_a_filter_may_name_every_published_attribute(tree, holds, collections_of, at):
    product = ProductFactory(
        source_id="beans-1",
        name="Yirgacheffe",
        price=1490,
        attributes=["size", "grind"],
        image_url="https://shop.example/y.png",
        created_at=at,
    )
    sku = SkuFactory(
        product=product,
        source_id="sku-1",
        sku="1 kg",
        attributes={"size": "1 kg"},
        created_at=at.replace(year=2025),
    )
    collection = CollectionFactory(filter=tree)

    found = collections_of(product, sku)

    assert found == [{collection.public_id} if hit else frozenset() for hit in holds]


def test_asks_once_and_not_at_all_without_collections(project, at, django_assert_num_queries):
    rows = {"products": [ProductFactory(), ProductFactory()], "skus": [SkuFactory()], "at": at}

    with django_assert_num_queries(1):
        holding.collections_of(project=project, **rows)
    with django_assert_num_queries(0):
        holding.collections_of(project=project, **rows)

    CollectionFactory(filter=where("price", more_than=[1]))
    projects.bump_version(project=project)
    with django_assert_num_queries(1):
        holding.collections_of(project=project, **rows)
    with django_assert_num_queries(0):
        holding.collections_of(project=project, **rows)

    CollectionFactory(members=[rows["products"][0]])
    projects.bump_version(project=project)
    with django_assert_num_queries(2):
        holding.collections_of(project=project, **rows)
    with django_assert_num_queries(1):
        holding.collections_of(project=project, **rows)


def test_rows_that_were_read_with_their_collections_know_them(
    project, at, django_assert_num_queries
):
    beans, sku = ProductFactory(source_id="beans"), SkuFactory(source_id="sku-1")
    of_beans, of_sku = CollectionFactory(members=[beans]), CollectionFactory(members=[sku])
    of_both = CollectionFactory(members=[beans, sku.product])
    projects.bump_version(project=project)
    holding.has_static(project=project)

    with django_assert_num_queries(2):
        items = queries.find_items(references=["beans", "sku-1"], collections_in=project)
        products, skus = items.rows()
        found = holding.collections_of(project=project, products=products, skus=skus, at=at)

    assert found == holding.collections_of(
        project=project, products=[beans, sku.product], skus=[sku], at=at
    )
    everything = {ALL_PRODUCTS_ID, of_both.public_id}
    assert found.products[beans.pk] == everything | {of_beans.public_id}
    assert found.skus[sku.pk] == everything | {of_sku.public_id}
    assert found.products[sku.product_id] == everything


def test_knows_nothing_of_another_project(collections_of, other_project):
    product = ProductFactory()
    with tenancy.scope(other_project):
        CollectionFactory(filter=where("price", more_than=[1]), project=other_project)

    assert collections_of(product) == [frozenset()]


def test_the_product_shipping_is_filtered_before_it_is_stored(project, at):
    collection = CollectionFactory(filter=where("name", **{"is": ["Shipping"]}))

    found = holding.collections_of(project=project, products=[queries.shipping()], skus=[], at=at)

    assert found.products == {None: {collection.public_id, ALL_PRODUCTS_ID}}
