import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from loyalty_project.core import jobs, uploads
from loyalty_project.core.models import AsyncAction, MetadataSchema
from rewards.models import Product, Sku
from rewards.services import imports, products
from tests.factories.product import ProductFactory
from tests.factories.sku import SkuFactory


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def project(in_project):
    return in_project


def imported(start, project, at, text):
    upload = SimpleUploadedFile("file.csv", text.encode())
    action = start(project=project, upload=upload, at=at)
    jobs.run_due()
    action.refresh_from_db()
    return action


class TestProductsCsv:
    FILE = 'name,source_id,price,attributes,image_url,origin\nBeans,b1,12.50,"size, roast",,Huila\n'

    def test_reads_prices_in_major_units(self, project, at):
        action = imported(imports.start_products_csv, project, at, self.FILE)

        (product,) = Product.objects.all()
        assert (product.source_id, product.name, product.price) == ("b1", "Beans", 1250)
        assert (product.attributes, product.metadata) == (["size", "roast"], {"origin": "Huila"})
        assert (action.type, action.done) == ("PRODUCTS.IMPORT_CSV", 1)

    def test_changes_nothing_when_the_same_file_comes_again(self, project, at):
        imported(imports.start_products_csv, project, at, self.FILE)
        before = Product.objects.values().get()

        imported(imports.start_products_csv, project, at, self.FILE)

        assert Product.objects.values().get() == before
        assert Product.history.count() == 1

    def test_reports_each_wrong_row(self, project, at):
        ProductFactory(source_id="old")
        products.delete(reference="old", force=False, at=at)
        rows = ["Tea,t1,1.999,", "Tea,t2,free,", ",t3,1,", "Tea,old,1,", 'Tea,t4,1,{"a":1}']

        action = imported(
            imports.start_products_csv,
            project,
            at,
            "\n".join(["name,source_id,price,metadata", *rows[:4], 'Tea,t4,1,"{""a"":1}"', ""]),
        )

        assert [(row["source_id"], row["reason"]) for row in action.result["failed"]] == [
            ("t1", "'1.999' has more than 2 decimals"),
            ("t2", "'free' is not a decimal number"),
            ("t3", "Property .name must NOT be empty"),
            ("old", "The source id old belongs to something in the bin"),
        ]
        assert Product.objects.get(source_id="t4").metadata == {"a": 1}

    def test_asks_for_the_column_name(self, project, at):
        with pytest.raises(uploads.UnreadableFile) as caught:
            imported(imports.start_products_csv, project, at, "source_id\nb1\n")

        assert caught.value.details == "The file should have the column 'name'"
        assert not AsyncAction.objects.exists()


class TestSkusCsv:
    def test_finds_products_by_id_and_source_id(self, project, at):
        beans = ProductFactory(source_id="beans")
        MetadataSchema.objects.create(
            related_object="product", properties={"grams": {"type": "number"}}
        )
        text = (
            "product_id,sku,source_id,price,attributes,grams\n"
            "beans,250 g,s1,12.5,\"{'size':'250 g'}\",250\n"
            f'{beans.public_id},1 kg,s2,,"{{""size"":""1 kg""}}",\n'
            "nothing,1 kg,s3,,,\n"
            "beans,2 kg,,,,\n"
            "beans,2 kg,s4,,not json,\n"
        )

        action = imported(imports.start_skus_csv, project, at, text)

        found = Sku.objects.order_by("source_id")
        assert list(found.values_list("source_id", "price", "attributes", "metadata")) == [
            ("s1", 1250, {"size": "250 g"}, {"grams": 250}),
            ("s2", None, {"size": "1 kg"}, {}),
        ]
        assert {sku.product_id for sku in found} == {beans.pk}
        assert [row["reason"] for row in action.result["failed"]] == [
            "Cannot find product with id nothing",
            "Property .source_id must NOT be empty",
            "Property .attributes must be object: Expecting value at line 1, column 1",
        ]

    def test_refuses_cells_that_cannot_be_stored_and_writes_the_others(self, project, at):
        bad = [r'{"a": "\u0000"}', r"{'a': '\ud800'}", "{'a': 1e999}", "[" * 50_000, "{1: 2}"]
        rows = "".join(f"x{n},{_quoted(cell)}\n" for n, cell in enumerate(bad))

        action = imported(
            imports.start_products_csv, project, at, f"name,metadata\nGood,\n{rows}Fine,{{}}\n"
        )

        assert list(Product.objects.order_by("pk").values_list("name", flat=True)) == [
            "Good",
            "Fine",
        ]
        assert (action.status, action.done, action.failed) == ("DONE", 2, 5)
        assert [row["row"] for row in action.result["failed"]] == [2, 3, 4, 5, 6]

    def test_refuses_a_sku_of_another_product(self, project, at):
        sku, tea = SkuFactory(source_id="s1"), ProductFactory(source_id="tea")

        action = imported(
            imports.start_skus_csv, project, at, "product_id,source_id,sku\ntea,s1,Leaf\n"
        )

        assert action.failed == 1
        sku.refresh_from_db()
        assert (sku.sku, sku.product_id == tea.pk) == ("250 g, whole", False)


class TestBulk:
    def test_upserts_by_source_id(self, project, at):
        ProductFactory(source_id="b1", name="Beans", metadata={"a": 1})

        action = imports.start_bulk(
            project=project,
            rows=[
                {"source_id": "b1", "price": 990, "metadata": {"b": 2}},
                {"source_id": "b2", "name": "Tea"},
                {"source_id": "b3", "price": "dear"},
            ],
            at=at,
        )
        jobs.run_due()

        action.refresh_from_db()
        assert (action.done, action.failed) == (2, 1)
        assert action.result["failed"] == [
            {"source_id": "b3", "row": 3, "reason": "Property .price must be integer"}
        ]
        beans = Product.objects.get(source_id="b1")
        assert (beans.name, beans.price, beans.metadata) == ("Beans", 990, {"a": 1, "b": 2})

    def test_gives_many_the_same_metadata(self, project, at):
        ProductFactory(source_id="b1")

        imports.start_metadata(
            project=project, source_ids=["b1", "b2"], values={"origin": "PL"}, at=at
        )
        jobs.run_due()

        assert [product.metadata for product in Product.objects.all()] == [{"origin": "PL"}] * 2


def _quoted(cell):
    return '"' + cell.replace('"', '""') + '"'
