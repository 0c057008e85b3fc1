"""Product collections in the admin: chosen rows, and rows of a filter instead of JSON."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import DefinitionVersion, ValidationRule
from loyalty_project.core import tenancy
from loyalty_project.core.services import metadata_schemas
from rewards.models import CollectionMember, ProductCollection
from tests.factories.collection import CollectionFactory
from tests.factories.product import ProductFactory
from tests.factories.sku import SkuFactory
from tests.person import Person

CHEAP = {"junction": "and", "price": {"conditions": {"$less_than": [1000]}}}


@pytest.fixture
def person(staff, project):
    return lambda role, where=project: Person(staff(role, in_project=where), where)


@pytest.fixture
def marketer(person):
    return person("Marketer")


@pytest.fixture
def bag(project):
    with tenancy.scope(project):
        return SkuFactory(
            source_id="bag",
            sku="Bag",
            price=3000,
            product__source_id="beans",
            product__name="Beans",
            product__price=900,
        )


def page(name, *arguments):
    return reverse(f"admin:rewards_productcollection_{name}", args=arguments)


def text(response):
    assert response.status_code == 200, response
    return response.content.decode()


def plain(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def stored(project):
    with tenancy.scope(project):
        return list(ProductCollection.objects.order_by("pk"))


def members(project):
    with tenancy.scope(project):
        rows = CollectionMember.objects.select_related("product", "sku").order_by("pk")
        return [str(row.product or row.sku) for row in rows]


def rows(*given, junction="and"):
    """The boxes of the filter, one part of each row after the other."""
    parts = ("attribute", "key", "operator", "value")
    columns = zip(*given, strict=True)
    columns = dict(zip(parts, (list(column) for column in columns), strict=True)) if given else {}
    return {
        "filter-junction": junction,
        **{f"filter-{part}": column for part, column in columns.items()},
    }


class TestChosen:
    def test_is_made_of_products_and_skus(self, marketer, bag, project):
        form = {"name": "Arabica", "type": "STATIC", "filter-junction": "and"}

        response = marketer.post(
            page("add"), {**form, "products": [bag.product.pk], "skus": [bag.pk]}
        )

        assert response.status_code == 302, text(response)
        (made,) = stored(project)
        assert (made.name, made.type, made.filter) == ("Arabica", "STATIC", None)
        assert members(project) == ["Beans", "Bag"]

    def test_changes_its_members_and_name(self, marketer, bag, project):
        with tenancy.scope(project):
            collection = CollectionFactory(members=[bag.product])
        form = {"name": "Bags", "skus": [bag.pk]}

        shown = text(marketer.get(page("change", collection.pk)))
        response = marketer.post(page("change", collection.pk), form)

        assert "Products: 1 · SKUs: 0" in plain(shown)
        assert response.status_code == 302, text(response)
        assert (stored(project)[0].name, members(project)) == ("Bags", ["Bag"])

    def test_does_not_take_a_product_of_another_project(self, marketer, project, other_project):
        with tenancy.scope(other_project):
            theirs = ProductFactory(project=other_project)
        form = {"name": "x", "type": "STATIC", "products": [theirs.pk]}

        shown = text(marketer.post(page("add"), form))

        assert "Select a valid choice" in shown
        assert stored(project) == []

    def test_with_too_many_members_for_a_page_keeps_them(self, marketer, bag, project, monkeypatch):
        monkeypatch.setattr("rewards.admin.collection.CHOSEN_MAX", 0)
        with tenancy.scope(project):
            collection = CollectionFactory(members=[bag])

        shown = text(marketer.get(page("change", collection.pk)))
        marketer.post(page("change", collection.pk), {"name": "Renamed"})

        assert 'name="skus"' not in shown
        assert (stored(project)[0].name, members(project)) == ("Renamed", ["Bag"])

    def test_offers_products_by_search(self, marketer, bag, other_project, person):
        asked = {
            "app_label": "rewards",
            "model_name": "collectionmember",
            "field_name": "product",
            "term": "bea",
        }

        found = marketer.get(reverse("admin:autocomplete"), asked).json()["results"]
        theirs = person("Marketer", other_project).get(reverse("admin:autocomplete"), asked)

        assert [row["text"] for row in found] == ["Beans"]
        assert theirs.json()["results"] == []


class TestFiltered:
    def test_is_made_of_rows(self, marketer, project):
        form = {
            "name": "Cheap and dark",
            "type": "AUTO_UPDATE",
            **rows(
                ("price", "", "$less_than", "10"),
                ("", "", "", ""),
                ("own", "roast", "$in", 'dark, "a, b"'),
                ("own", "score", "$more_than_equal", "۸۵٫۵"),
                ("own", "organic", "$is", "true"),
                ("own", "origin", "$has_value", ""),
                ("created_at", "", "$after", "2026-03-01"),
                ("updated_at", "", "$less_than_ago", "30"),
                ("skus", "", "$count_more", "2"),
            ),
        }

        response = marketer.post(page("add"), form)

        assert response.status_code == 302, text(response)
        assert stored(project)[0].filter == {
            "junction": "and",
            "price": {"conditions": {"$less_than": [1000]}},
            "metadata.roast": {"conditions": {"$in": ["dark", "a, b"]}},
            "metadata.score": {"conditions": {"$more_than_equal": [85.5]}},
            "metadata.organic": {"conditions": {"$is": [True]}},
            "metadata.origin": {"conditions": {"$has_value": [True]}},
            "created_at": {"conditions": {"$after": ["2026-03-01"]}},
            "updated_at": {"conditions": {"$less_than_ago": [30]}},
            "skus": {"conditions": {"$count_more": [2]}},
        }

    def test_reads_a_value_as_the_schema_of_products_says(self, marketer, project):
        with tenancy.scope(project):
            year = {"type": "string", "array": False, "optional": True}
            metadata_schemas.create(
                project=project, related_object="product", properties={"year": year}
            )
        form = {"name": "x", "type": "AUTO_UPDATE", **rows(("own", "year", "$is", "2026"))}

        marketer.post(page("add"), form)

        conditions = stored(project)[0].filter["metadata.year"]["conditions"]
        assert conditions == {"$is": ["2026"]}

    @pytest.mark.parametrize(
        ("row", "problem"),
        [
            (("", "x", "", ""), "Row 1: choose an attribute."),
            (("own", "", "$is", "x"), "Row 1: say which attribute."),
            (("price", "", "$starts_with", "1"), "Row 1: choose how to compare."),
            (("price", "", "$is", ""), "Row 1: enter a value."),
            (("price", "", "$is", "1.234"), "Row 1: enter an amount such as 12.50."),
            (("created_at", "", "$after", "soon"), "Row 1: enter a day as year-month-day."),
            (("skus", "", "$count", "-1"), "Row 1: enter a whole number."),
            (("own", "score", "$less_than", "low"), "Row 1: enter a number."),
            (("object", "", "$is", "thing"), "Row 1: enter product or sku."),
            (("", "", "", ""), "Fill in at least one row."),
        ],
    )
    def test_says_which_row_is_wrong(self, row, problem, marketer, project):
        form = {"name": "x", "type": "AUTO_UPDATE", **rows(row)}

        shown = text(marketer.post(page("add"), form))

        assert problem in shown
        assert stored(project) == []

    @pytest.mark.parametrize(
        ("junction", "second", "problem"),
        [
            ("and", ("price", "", "$is", "2"), "Row 2: it compares in the same way as a row above"),
            ("or", ("price", "", "$more_than", "2"), "Row 2: where one row is enough"),
        ],
    )
    def test_says_what_two_rows_cannot_say(self, junction, second, problem, marketer, project):
        given = rows(("price", "", "$is", "1"), second, junction=junction)

        shown = text(marketer.post(page("add"), {"name": "x", "type": "AUTO_UPDATE", **given}))

        assert problem in shown
        assert stored(project) == []

    def test_is_shown_as_it_was_typed(self, marketer, project):
        tree = {
            "junction": "or",
            "price": {"conditions": {"$more_than": [1250]}},
            "metadata.roast": {"conditions": {"$is": ["dark", "a, b"]}},
        }
        with tenancy.scope(project):
            collection = CollectionFactory(filter=tree)

        shown = text(marketer.get(page("change", collection.pk)))

        values = re.findall(r'name="filter-value" value="([^"]*)"', shown)
        assert values == ["12.50", "dark,&quot;a, b&quot;", "", "", ""]
        assert 'name="filter-key" value="roast"' in shown
        chosen = re.findall(r'<option value="([^"]+)" selected', shown)
        assert chosen == ["or", "price", "$more_than", "own", "$in"]
        assert "Price is more than 12.50 EUR or roast is dark, a, b" in plain(shown)

    def test_that_rows_cannot_show_is_left_to_the_api(self, marketer, project):
        tree = {"junction": "and", "metadata.x": {"conditions": {"$has_value": [False]}}}
        with tenancy.scope(project):
            collection = CollectionFactory(filter=tree)

        shown = text(marketer.get(page("change", collection.pk)))
        response = marketer.post(page("change", collection.pk), {"name": "Renamed"})

        assert "filter-value" not in shown
        assert response.status_code == 302, text(response)
        assert (stored(project)[0].name, stored(project)[0].filter) == ("Renamed", tree)

    def test_shows_what_it_holds_now(self, marketer, bag, project):
        with tenancy.scope(project):
            collection = CollectionFactory(filter=CHEAP)

        shown = plain(text(marketer.get(page("change", collection.pk))))

        assert "Products: 1 · SKUs: 0" in shown
        assert "Beans product beans 9.00 EUR" in shown


class TestPreview:
    def test_counts_while_the_rows_are_typed(self, marketer, bag):
        given = rows(("price", "", "$less_than", "50"))

        shown = plain(text(marketer.post(page("preview"), given)))

        assert "Products: 1 · SKUs: 1" in shown
        assert "Beans product beans 9.00 EUR" in shown
        assert "Bag SKU bag 30.00 EUR" in shown

    def test_says_what_is_missing(self, marketer):
        shown = text(marketer.post(page("preview"), rows(("price", "", "$is", ""))))

        assert "Row 1: enter a value." in shown

    def test_sees_nothing_of_another_project(self, person, bag, other_project):
        stranger = person("Marketer", other_project)
        given = rows(("name", "", "$has_value", ""))

        assert "Products: 0 · SKUs: 0" in plain(text(stranger.post(page("preview"), given)))

    def test_names_the_first_of_many(self, marketer, project):
        with tenancy.scope(project):
            ProductFactory.create_batch(21)

        shown = plain(text(marketer.post(page("preview"), rows(("name", "", "$has_value", "")))))

        assert "Products: 21 · SKUs: 0" in shown
        assert "The first 20 are shown." in shown


class TestRoles:
    def test_a_support_agent_sees_and_does_not_change(self, person, bag, project):
        agent = person("Support agent")
        with tenancy.scope(project):
            collection = CollectionFactory(filter=CHEAP)

        shown = plain(text(agent.get(page("change", collection.pk))))

        assert "Price is less than 10.00 EUR" in shown
        assert "Beans" in shown
        assert agent.get(page("add")).status_code == 403
        assert agent.post(page("change", collection.pk), {"name": "x"}).status_code == 403
        assert agent.get(page("changelist")).status_code == 200

    def test_of_another_project_is_missing(self, person, project, other_project):
        with tenancy.scope(project):
            collection = CollectionFactory(name="Arabica")
        stranger = person("Marketer", other_project)

        assert "Arabica" not in text(stranger.get(page("changelist")))
        assert stranger.get(page("change", collection.pk)).status_code in {302, 404}


def test_in_a_rule_is_not_deleted(marketer, project):
    with tenancy.scope(project):
        collection = CollectionFactory()
        data = {"rules": {"1": {"conditions": {"$is": [collection.public_id]}}}}
        definition = DefinitionVersion.objects.create(data=data)
        rule = ValidationRule.objects.create(name="x", definition=definition)

    marketer.post(page("delete", collection.pk), {"post": "yes"})

    assert rule.public_id in text(marketer.get(page("change", collection.pk)))
    assert len(stored(project)) == 1


def test_list_costs_as_many_queries_for_many_as_for_one(marketer, bag, project):
    def count():
        with CaptureQueriesContext(connection) as captured:
            shown = plain(text(marketer.get(page("changelist"))))
        return len(captured), shown

    with tenancy.scope(project):
        CollectionFactory(filter=CHEAP)
    count()
    few, _shown = count()
    with tenancy.scope(project):
        for _ in range(10):
            CollectionFactory(members=[bag, bag.product])

    many, shown = count()

    assert many == few
    assert ("2 chosen" in shown, "Price is less than 10.00 EUR" in shown) == (True, True)
