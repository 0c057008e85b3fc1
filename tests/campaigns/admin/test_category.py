"""The pages of categories and publications."""

import pytest
from django.urls import reverse

from campaigns.models import Category
from tests.factories.campaign import CampaignFactory
from tests.factories.category import CategoryFactory
from tests.factories.publication import PublicationFactory

pytestmark = pytest.mark.usefixtures("in_project")
ADD = "admin:campaigns_category_add"


def test_makes_and_changes_a_category(person, project):
    http = person("Marketer")
    before = project.version

    http.post(reverse(ADD), {"name": "Tea", "hierarchy": "2", "stacking_rules_type": ""})
    category = Category.objects.get()
    change = reverse("admin:campaigns_category_change", args=[category.pk])
    http.post(change, {"name": "Tea", "hierarchy": "1", "stacking_rules_type": "JOINT"})

    category.refresh_from_db()
    assert (category.hierarchy, category.stacking_rules_type) == (1, "JOINT")
    assert category.history.count() == 2
    project.refresh_from_db()
    assert project.version == before + 2


def test_deletes_several_categories_by_the_service(person, project):
    chosen = [CategoryFactory(name=name).pk for name in ("Tea", "Cups")]
    before = project.version
    form = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}

    person("Marketer").post(reverse("admin:campaigns_category_changelist"), form)

    assert not Category.objects.exists()
    project.refresh_from_db()
    assert project.version == before + 2


def test_shows_a_clash_at_the_field(person):
    CategoryFactory(name="Tea")

    answer = person("Marketer").post(reverse(ADD), {"name": "Tea", "hierarchy": "2"})

    errors = answer.context["adminform"].form.errors
    assert errors == {"name": ["Duplicated category exists with name Tea"]}


def test_keeps_a_category_in_use(person):
    category = CategoryFactory()
    CampaignFactory(category=category)
    delete = reverse("admin:campaigns_category_delete", args=[category.pk])

    person("Marketer").post(delete, {"post": "yes"})

    assert Category.objects.count() == 1


def test_shows_publications_and_changes_none(person):
    publication = PublicationFactory(metadata={"mail": 7})
    page = reverse("admin:campaigns_publication_change", args=[publication.pk])
    http = person("Marketer")

    assert publication.voucher.code in http.get(page).content.decode()
    assert http.post(page, {"channel": "x"}).status_code == 403
    publication.refresh_from_db()
    assert publication.channel == "API"
