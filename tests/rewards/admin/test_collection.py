"""Product collections in the admin."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import DefinitionVersion, ValidationRule
from loyalty_project.core import tenancy
from rewards.models import CollectionMember
from tests.factories.collection import CollectionFactory
from tests.factories.product import ProductFactory
from tests.rewards.admin.collection_pages import CHEAP, page, plain, stored, text


def members(project):
    with tenancy.scope(project):
        rows = CollectionMember.objects.select_related("product", "sku").order_by("pk")
        return [str(row.product or row.sku) for row in rows]


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
