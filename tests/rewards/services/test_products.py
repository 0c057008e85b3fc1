import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from loyalty_project.core import references
from loyalty_project.core.errors import NotFound
from loyalty_project.core.metadata import MetadataValidationFailed
from loyalty_project.core.models import MetadataSchema
from loyalty_project.core.reading import WrongMember
from loyalty_project.core.services import metadata_schemas
from rewards import queries
from rewards.models import SHIPPING_ID, Product, Sku
from rewards.services import products
from tests.factories.product import ProductFactory
from tests.factories.sku import SkuFactory

BEANS = {
    "source_id": "beans",
    "name": "House blend",
    "price": 1250,
    "attributes": ["size"],
    "metadata": {"origin": "Huila"},
}


@pytest.fixture
def project(in_project):
    return in_project


def upsert(project, data, at):
    return products.upsert(project=project, data=data, at=at)


class TestUpsert:
    def test_makes_a_product(self, project, at):
        upsert(project, BEANS, at)

        stored = Product.objects.get()
        assert stored.public_id.startswith("prod_")
        assert (stored.name, stored.price, stored.attributes) == ("House blend", 1250, ["size"])
        assert (stored.search_name, stored.created_at) == ("house blend beans", at)

    def test_changes_the_one_of_the_source_id_and_merges_metadata(self, project, at):
        first = upsert(project, BEANS, at)

        upsert(project, {"source_id": "beans", "price": 1300, "metadata": {"roast": "dark"}}, at)

        stored = Product.objects.get()
        assert (stored.pk, stored.name, stored.price) == (first.pk, "House blend", 1300)
        assert stored.metadata == {"origin": "Huila", "roast": "dark"}
        assert stored.history.count() == 2

    def test_writes_no_history_when_nothing_changes(self, project, at):
        upsert(project, BEANS, at)
        upsert(project, BEANS, at)

        assert Product.objects.get().history.count() == 1

    @pytest.mark.parametrize(
        ("data", "details"),
        [
            ({"price": -1}, f"Property .price must be >= 0 and <= {2**63 - 1}"),
            ({"price": 12.5}, "Property .price must be integer"),
            ({"price": True}, "Property .price must be integer"),
            ({"attributes": "size"}, "Property .attributes must be array of strings"),
            (
                {"image_url": "x" * 1001},
                "Property .image_url must NOT have more than 1000 characters",
            ),
        ],
    )
    def test_names_the_wrong_member(self, project, at, data, details):
        with pytest.raises(WrongMember) as caught:
            upsert(project, {**BEANS, **data}, at)

        assert caught.value.details == details
        assert not Product.objects.exists()

    def test_holds_the_metadata_schema(self, project, at):
        MetadataSchema.objects.create(related_object="product", allow_defined_only=True)

        with pytest.raises(MetadataValidationFailed, match="origin: is not defined"):
            upsert(project, BEANS, at)

        assert not Product.objects.exists()

    def test_changes_the_one_that_another_request_made_first(self, project, at, monkeypatch):
        upsert(project, BEANS, at)
        monkeypatch.setattr(products, "_named", lambda *_arguments: None)

        upsert(project, {"source_id": "beans", "price": 5}, at)

        assert Product.objects.get().price == 5

    def test_keeps_source_ids_of_the_bin(self, project, at):
        upsert(project, BEANS, at)
        products.delete(reference="beans", force=False, at=at)

        with pytest.raises(products.DuplicateSourceId) as caught:
            upsert(project, BEANS, at)

        assert caught.value.details == "Duplicated product exists with source id beans"
        assert Product.objects.count() == 1


class TestSkus:
    def test_belong_to_a_product_and_share_its_schema(self, project, at):
        roast = {"type": "string", "eq": ["dark"], "optional": True, "array": False}
        beans = upsert(project, BEANS, at)
        metadata_schemas.create(
            project=project, related_object="product", properties={"roast": roast}
        )

        sku = products.upsert_sku(
            project=project,
            product=beans,
            data={"source_id": "b250", "sku": "250 g", "attributes": {"size": "250 g"}},
            at=at,
        )
        with pytest.raises(MetadataValidationFailed):
            products.update_sku(
                project=project,
                product=beans,
                reference="b250",
                data={"metadata": {"roast": "light"}},
            )

        sku.refresh_from_db()
        assert (sku.sku, sku.price, sku.metadata) == ("250 g", None, {})
        assert sku.product.price == 1250

    def test_have_source_ids_of_the_whole_project(self, project, at):
        tea = ProductFactory()
        sku = SkuFactory(source_id="b250")

        with pytest.raises(products.DuplicateSourceId) as caught:
            products.upsert_sku(project=project, product=tea, data={"source_id": "b250"}, at=at)

        assert caught.value.details == f"SKU b250 belongs to product {sku.product.public_id}"
        assert Sku.objects.count() == 1

    def test_are_found_below_their_product_only(self, project, at):
        sku = SkuFactory()

        with pytest.raises(NotFound, match=f"Cannot find sku with id {sku.source_id}"):
            products.delete_sku(
                product=ProductFactory(), reference=sku.source_id, force=True, at=at
            )

        assert Sku.objects.count() == 1


class TestDelete:
    def test_puts_a_product_and_its_skus_into_the_bin(self, project, at):
        sku = SkuFactory()

        products.delete(reference=sku.product.public_id, force=False, at=at)

        assert queries.find(reference=sku.product.source_id) is None
        assert queries.find_sku(reference=sku.source_id) is None
        assert Product.objects.get().deleted_at == Sku.objects.get().deleted_at == at

    def test_removes_them_for_good_with_force(self, project, at):
        sku = SkuFactory()

        products.delete(reference=sku.product.public_id, force=True, at=at)

        assert not Product.objects.exists()
        assert not Sku.objects.exists()
        assert Product.history.first().history_type == "-"

    def test_refuses_the_product_shipping(self, project, at):
        with pytest.raises(references.ResourceInUse):
            products.delete(reference=SHIPPING_ID, force=True, at=at)


class TestShipping:
    def test_is_there_in_each_project(self, project):
        found = queries.get(reference="5h1pp1ng")

        assert (found.public_id, found.name, found.price) == (SHIPPING_ID, "Shipping", None)
        assert not Product.objects.exists()

    def test_is_stored_when_changed(self, project, at):
        products.update(project=project, reference=SHIPPING_ID, data={"price": 490})

        assert queries.find_items(references=["5h1pp1ng"]).products["5h1pp1ng"].price == 490
        assert Product.objects.get().public_id == SHIPPING_ID


class TestFindItems:
    def test_reads_products_and_skus_with_two_queries(self, project):
        sku, tea = SkuFactory(), ProductFactory(source_id="tea")
        names = [sku.public_id, sku.source_id, sku.product.public_id, "tea", "unknown", ""]

        with CaptureQueriesContext(connection) as captured:
            items = queries.find_items(references=names)
            prices = [found.product.price for found in items.skus.values()]

        assert len(captured) == 2
        assert items.products == {sku.product.public_id: sku.product, "tea": tea}
        assert items.skus == {sku.public_id: sku, sku.source_id: sku}
        assert prices == [1250, 1250]
