"""What is used of limits and left, on the pages of campaigns, budgets and the whole project."""

import re

import pytest
from django.urls import reverse

from tests.factories.campaign import CampaignFactory
from tests.factories.limit import BudgetFactory, LimitFactory
from tests.factories.promotion import PromotionTierFactory
from tests.redemptions.codes import make_code
from tests.redemptions.terms import redeem

pytestmark = pytest.mark.django_db


def text_of(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.fixture
def sold(in_project, set_clock, at):
    """Two redemptions of 5.00 off 20.00 in a campaign with a budget."""
    set_clock(at)
    campaign = CampaignFactory(budget=BudgetFactory())
    make_code(in_project, "FIVE", campaign=campaign)
    for customer in ("ada", "bob"):
        redeem(in_project, at, "FIVE", customer={"source_id": customer})
    return campaign


@pytest.mark.requirement(79, 80, 81, 82)
def test_a_campaign_shows_what_is_used_and_left(sold, person):
    LimitFactory(campaign=sold, measure="redemptions", value=3)
    LimitFactory(campaign=sold, measure="customers", value=2)
    LimitFactory(campaign=sold, measure="discount", period="day", value=5000)
    LimitFactory(campaign=sold, measure="orders", value=2000)
    LimitFactory(campaign=sold, per_customer=True, value=1)

    page = person("Viewer").get(reverse("admin:campaigns_campaign_change", args=[sold.pk]))

    said = text_of(page)
    assert "Limits: used and left What When For whom At most Used Left" in said
    assert "Redemptions In all all together 3 2 1" in said
    assert "Different customers In all all together 2 2 0" in said
    assert "Discounts given Per day all together 50.00 EUR 10.00 EUR 40.00 EUR" in said
    assert "Value of the orders In all all together 20.00 EUR 30.00 EUR 0.00 EUR" in said
    assert "Redemptions In all each customer by itself 1 – –" in said


@pytest.mark.requirement(88, 90)
def test_so_do_budgets_and_the_safety_of_the_project(sold, person):
    LimitFactory(budget=sold.budget, measure="discount", value=3000)
    LimitFactory(value=9)
    http = person("Marketer")

    of_budget = http.get(reverse("admin:campaigns_budget_change", args=[sold.budget.pk]))
    of_project = http.get(reverse("admin:campaigns_safety"))

    assert "Discounts given In all all together 30.00 EUR 10.00 EUR 20.00 EUR" in text_of(of_budget)
    assert "Redemptions In all all together 9 2 7" in text_of(of_project)


def test_a_value_below_what_is_used_is_taken_and_said(sold, person):
    http = person("Marketer")
    row = {
        "limits-0-measure": "discount",
        "limits-0-period": "always",
        "limits-0-overflow": "REFUSE",
        "limits-0-value": "9",
    }
    safety = http.post(reverse("admin:campaigns_safety"), row, follow=True)
    budget = reverse("admin:campaigns_budget_change", args=[sold.budget.pk])
    of_budget = http.post(budget, {"name": "Less", **row}, follow=True)
    campaign = reverse("admin:campaigns_campaign_change", args=[sold.pk])
    of_campaign = http.post(
        campaign,
        {"discount_type": "PERCENT", "percent_off": "10", "metadata": "{}", **row},
        follow=True,
    )

    said = "Discounts given, in all: 10.00 EUR are used already, more than 9.00 EUR"
    for answer in (safety, of_budget, of_campaign):
        assert said in text_of(answer)


@pytest.mark.requirement(79, 82)
@pytest.mark.parametrize("kind", ["voucher", "promotiontier"])
def test_a_limit_typed_on_its_page_refuses_and_shows_its_use(in_project, person, tried, kind):
    http = person("Marketer")
    owner = make_code(in_project, "FIVE") if kind == "voucher" else PromotionTierFactory()
    page = reverse(f"admin:campaigns_{kind}_change", args=[owner.pk])
    form = {"discount_type": "AMOUNT", "amount_off": "5", "metadata": "{}", "name": "Five"}
    limit = {"limits-0-measure": "redemptions", "limits-0-period": "day",
             "limits-0-overflow": "REFUSE", "limits-0-value": "2"}  # fmt: skip
    assert http.post(page, {**form, **limit}).status_code == 302

    wanted = ("FIVE", "voucher") if kind == "voucher" else (owner.public_id, "promotion_tier")
    keys = [tried(*wanted) for _ in range(3)]

    assert keys == [None, None, "redemption_rules_violated"]
    assert "Redemptions Per day all together 2 2 0" in text_of(http.get(page))
    lowered = http.post(page, {**form, **limit, "limits-0-value": "1"}, follow=True)
    assert "Redemptions, per day: 2 are used already, more than 1" in text_of(lowered)
