"""The filter of a product collection: rows instead of JSON, and what they find."""

import re

import pytest

from loyalty_project.core import tenancy
from loyalty_project.core.services import metadata_schemas
from tests.factories.collection import CollectionFactory
from tests.factories.product import ProductFactory
from tests.rewards.admin.collection_pages import CHEAP, page, plain, stored, text


def rows(*given, junction="and"):
    """The boxes of the filter, one part of each row after the other."""
    parts = ("attribute", "key", "operator", "value")
    columns = zip(*given, strict=True)
    columns = dict(zip(parts, (list(column) for column in columns), strict=True)) if given else {}
    return {
        "filter-junction": junction,
        **{f"filter-{part}": column for part, column in columns.items()},
    }


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
