import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from loyalty_project.core import tenancy
from loyalty_project.core.models import AsyncAction
from rewards.models import Product, Sku
from tests.factories.product import ProductFactory
from tests.factories.sku import SkuFactory
from tests.person import Person


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def sku(project):
    with tenancy.scope(project):
        return SkuFactory(
            source_id="s1",
            product__source_id="p1",
            product__name="House blend",
            product__cost=725,
        )


@pytest.fixture
def person(staff, project):
    return lambda role, where=project: Person(staff(role, in_project=where), where)


@pytest.fixture
def marketer(person):
    return person("Marketer")


def page(noun, name, *arguments):
    return reverse(f"admin:rewards_{noun}_{name}", args=arguments)


def text(response):
    assert response.status_code == 200, response
    return response.content.decode()


def stored(project, model):
    with tenancy.scope(project):
        return list(model.objects.order_by("pk"))


def form(sku=None, **changes):
    rows = [] if sku is None else [sku]
    data = {
        "name": "Dark roast",
        "price": "14.90",
        "attributes": "size\nroast",
        "image_url": "",
        "source_id": "p1",
        "metadata": "{}",
        "skus-TOTAL_FORMS": len(rows) + 1,
        "skus-INITIAL_FORMS": len(rows),
    }
    for index, row in enumerate(rows):
        data |= {
            f"skus-{index}-id": row.pk,
            f"skus-{index}-product": row.product_id,
            f"skus-{index}-sku": row.sku,
            f"skus-{index}-source_id": row.source_id,
        }
    return {**data, **changes}


class TestProduct:
    def test_is_saved_with_its_skus_by_the_service(self, marketer, sku, project):
        rows = {"skus-0-price": "9.5", "skus-1-sku": "1 kg", "skus-1-source_id": "s2"}
        rows |= {"cost": "8.2", "skus-0-cost": "4", "stock": "12", "skus-0-stock": "3"}

        response = marketer.post(page("product", "change", sku.product.pk), form(sku, **rows))

        assert response.status_code == 302, text(response)
        (product,) = stored(project, Product)
        assert (product.name, product.price, product.cost) == ("Dark roast", 1490, 820)
        assert (product.attributes, product.search_name) == (["size", "roast"], "dark roast p1")
        first, second = stored(project, Sku)
        assert (product.stock, first.stock, second.stock) == (12, 3, None)
        assert (first.price, first.cost) == (950, 400)
        assert (second.source_id, second.product_id, second.cost) == ("s2", product.pk, None)

    def test_keeps_the_stock_that_was_counted_down_while_its_form_was_open(
        self, marketer, sku, project
    ):
        with tenancy.scope(project):
            Product.objects.filter(pk=sku.product_id).update(stock=9)
        url, opened = page("product", "change", sku.product.pk), {"initial-stock": "10"}

        marketer.post(url, form(sku, stock="10", **opened))
        kept = stored(project, Product)[0].stock
        marketer.post(url, form(sku, stock="20", **opened))

        assert (kept, stored(project, Product)[0].stock) == (9, 20)

    def test_is_made_with_its_skus(self, marketer, project):
        rows = {"source_id": "new", "skus-0-sku": "1 kg", "skus-0-price": "30"}

        response = marketer.post(page("product", "add"), form(**rows))

        assert response.status_code == 302, text(response)
        assert stored(project, Product)[0].source_id == "new"
        assert stored(project, Sku)[0].price == 3000

    def test_keeps_a_sku_that_is_taken_out_in_the_bin(self, marketer, sku, project):
        response = marketer.post(
            page("product", "change", sku.product.pk), form(sku, **{"skus-0-DELETE": "on"})
        )

        assert response.status_code == 302, text(response)
        assert stored(project, Sku)[0].deleted_at is not None
        assert stored(project, Product)[0].deleted_at is None

    def test_does_not_take_over_a_known_source_id(self, marketer, sku, project):
        shown = text(marketer.post(page("product", "add"), form()))

        assert "Duplicated product exists with source id p1" in shown
        assert [product.name for product in stored(project, Product)] == ["House blend"]

    def test_goes_into_the_bin(self, marketer, sku, project):
        marketer.post(page("product", "delete", sku.product.pk), {"post": "yes"})

        assert stored(project, Product)[0].deleted_at is not None
        assert "was deleted" in text(marketer.get(page("product", "changelist")))
        assert "House blend" not in text(marketer.get(page("product", "changelist")))

    def test_is_found_by_words(self, marketer, sku):
        found = text(marketer.get(page("product", "changelist"), {"q": "blend hou"}))
        lost = text(marketer.get(page("product", "changelist"), {"q": "tea"}))

        assert ("House blend" in found, "House blend" in lost) == (True, False)

    @pytest.mark.parametrize("noun", ["product", "sku"])
    def test_list_costs_as_many_queries_for_many_as_for_one(self, marketer, sku, project, noun):
        def count():
            with CaptureQueriesContext(connection) as captured:
                text(marketer.get(page(noun, "changelist")))
            return len(captured)

        count()
        few = count()
        with tenancy.scope(project):
            SkuFactory.create_batch(20)

        assert count() == few

    def test_is_not_changed_by_a_viewer(self, person, sku, project):
        viewer = person("Viewer")

        assert "House blend" in text(viewer.get(page("product", "change", sku.product.pk)))
        assert viewer.post(page("product", "change", sku.product.pk), form(sku)).status_code == 403
        assert stored(project, Product)[0].name == "House blend"

    def test_of_another_project_is_missing(self, person, sku, other_project):
        stranger = person("Marketer", other_project)

        assert "House blend" not in text(stranger.get(page("product", "changelist")))


class TestSku:
    FORM = {
        "sku": "1 kg",
        "price": "",
        "currency": "EUR",
        "image_url": "",
        "attributes": '{"size": "1 kg"}',
        "source_id": "s1",
        "metadata": "{}",
    }

    def test_is_saved_by_the_service(self, marketer, sku, project):
        response = marketer.post(page("sku", "change", sku.pk), self.FORM)

        assert response.status_code == 302, text(response)
        (saved,) = stored(project, Sku)
        assert (saved.sku, saved.price, saved.attributes) == ("1 kg", None, {"size": "1 kg"})

    def test_is_made_for_a_product(self, marketer, project):
        with tenancy.scope(project):
            product = ProductFactory()

        response = marketer.post(page("sku", "add"), {**self.FORM, "product": product.pk})

        assert response.status_code == 302, text(response)
        assert stored(project, Sku)[0].product_id == product.pk


class TestExchange:
    def export(self, http, noun):
        names = {
            "product": ("id", "source_id", "name", "price", "cost", "attributes", "metadata"),
            "sku": ("id", "product_id", "source_id", "sku", "price", "cost", "attributes"),
        }[noun]
        chosen = {f"{noun}resource_{name}": "on" for name in names}
        return http.post(page(noun, "export"), {"format": "0", "resource": "", **chosen})

    def test_writes_prices_and_costs_in_major_units(self, marketer, sku):
        shown = self.export(marketer, "product").getvalue().decode("utf-8-sig")
        assert shown.splitlines() == [
            "id,source_id,name,price,cost,attributes,metadata",
            f"{sku.product.public_id},p1,House blend,12.50,7.25,,",
        ]

    @pytest.mark.parametrize(("noun", "model"), [("product", Product), ("sku", Sku)])
    def test_reads_its_own_export_without_a_change(self, marketer, sku, project, work, noun, model):
        upload = SimpleUploadedFile("file.csv", self.export(marketer, noun).getvalue())

        marketer.post(page(noun, "import"), {"file": upload})
        work()

        with tenancy.scope(project):
            action = AsyncAction.objects.get()
            assert (action.status, action.done, action.failed) == ("DONE", 1, 0)
            assert model.history.count() == 1

    def test_says_that_prices_are_in_major_units(self, marketer):
        assert "major units" in text(marketer.get(page("product", "import")))

    def test_is_refused_without_the_permission(self, person, sku):
        agent = person("Support agent")

        assert agent.get(page("product", "import")).status_code == 403
        assert agent.post(page("product", "export"), {"format": "0"}).status_code == 403
