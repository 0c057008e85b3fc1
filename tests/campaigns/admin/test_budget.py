"""The pages of budgets and of what protects the whole project."""

import re

import pytest
from django.urls import reverse

from campaigns.models import Budget, Campaign, Limit, MarginFloor
from tests.factories.campaign import CampaignFactory
from tests.factories.limit import BudgetFactory, LimitFactory, MarginFloorFactory

pytestmark = pytest.mark.usefixtures("in_project")
ADD = "admin:campaigns_budget_add"
SAFETY = "admin:campaigns_safety"
SPEND = {
    "limits-0-measure": "discount",
    "limits-0-period": "year",
    "limits-0-overflow": "CAP",
    "limits-0-value": "50000",
}


def page(budget):
    return reverse("admin:campaigns_budget_change", args=[budget.pk])


def text_of(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.mark.requirement(90)
def test_makes_and_changes_a_budget(person):
    http = person("Marketer")
    assert http.get(reverse(ADD)).status_code == 200

    http.post(reverse(ADD), {"name": "Marketing 2027", **SPEND})
    budget = Budget.objects.get()
    limit = Limit.objects.get()
    assert (limit.budget, limit.value, limit.overflow) == (budget, 5_000_000, "CAP")

    http.post(page(budget), {"name": "Marketing", **SPEND, "limits-0-value": "60000"})
    budget.refresh_from_db()
    assert budget.name == "Marketing"
    assert Limit.objects.get().value == 6_000_000


def test_shows_its_campaigns_with_their_state(person, at):
    budget = BudgetFactory()
    CampaignFactory(name="Autumn sale", budget=budget)
    CampaignFactory(name="In the bin", budget=budget, deleted_at=at)
    LimitFactory(budget=budget)

    shown = text_of(person("Marketer").get(page(budget)))
    listed = text_of(person("Marketer").get(reverse("admin:campaigns_budget_changelist")))

    assert "Campaigns with this budget" in shown
    assert "Autumn sale Running" in shown
    assert "In the bin" not in shown
    assert f"{budget.name} 1 1" in listed


def test_keeps_a_budget_in_use(person):
    budget = BudgetFactory()
    CampaignFactory(budget=budget)
    delete = reverse("admin:campaigns_budget_delete", args=[budget.pk])

    person("Marketer").post(delete, {"post": "yes"})

    assert Budget.objects.count() == 1


def test_shows_a_clash_at_the_field(person):
    BudgetFactory(name="Marketing")

    answer = person("Marketer").post(reverse(ADD), {"name": "Marketing", **SPEND})

    errors = answer.context["adminform"].form.errors
    assert errors == {"name": ["Duplicated budget exists with name Marketing"]}
    assert not Limit.objects.exists()


@pytest.mark.requirement(88, 89)
def test_the_safety_of_the_project_is_one_page(person, project):
    http = person("Marketer")
    before = project.version

    answer = http.post(
        reverse(SAFETY), {**SPEND, "limits-0-period": "day", "margin_percent": "5"}, follow=True
    )

    assert "What protects the project is saved." in text_of(answer)
    limit, floor = Limit.objects.get(), MarginFloor.objects.get()
    assert (limit.budget, limit.period, limit.value) == (None, "day", 5_000_000)
    assert (floor.campaign, floor.percent) == (None, 50_000)
    assert 'name="limits-0-value" value="50000.00"' in answer.content.decode()
    project.refresh_from_db()
    assert project.version == before + 2

    http.post(reverse(SAFETY), {})
    assert not Limit.objects.exists()
    assert not MarginFloor.objects.exists()


def test_says_what_is_wrong_with_it(person):
    answer = person("Marketer").post(reverse(SAFETY), {**SPEND, "limits-0-value": "much"})

    assert answer.context["form"].errors == {"limits": ["Limit 1: Enter an amount."]}
    assert not Limit.objects.exists()


@pytest.mark.parametrize("role", ["Viewer", "Junior marketer", "Support agent"])
def test_who_may_not_change_the_safety_reads_it(person, role):
    LimitFactory(measure="discount", period="day", value=5_000_000)
    MarginFloorFactory(percent=50_000, amount=0)
    http = person(role)

    shown = http.get(reverse(SAFETY))

    assert "Discounts given Per day all together 50,000.00 EUR" in text_of(shown)
    assert 'name="limits' not in shown.content.decode()
    assert http.post(reverse(SAFETY), {}).status_code == 403
    assert Limit.objects.count() == 1


def test_a_junior_marketer_changes_no_budget(person):
    budget = BudgetFactory()
    http = person("Junior marketer")

    assert http.get(page(budget)).status_code == 200
    assert http.post(page(budget), {"name": "Mine", **SPEND}).status_code == 403
    assert http.get(reverse(ADD)).status_code == 403
    assert not Campaign.objects.filter(budget=budget).exists()
    assert not Limit.objects.exists()
