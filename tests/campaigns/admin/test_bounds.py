"""Limits, budget, margin and rollout on the page of a campaign."""

import re

import pytest
from django.urls import reverse

from campaigns.models import Campaign, Limit, MarginFloor
from campaigns.services import limits
from tests.factories.campaign import CampaignFactory, DefinitionVersionFactory
from tests.factories.limit import (
    BudgetFactory,
    HolidayCalendarFactory,
    LimitFactory,
    MarginFloorFactory,
    SegmentFactory,
)

pytestmark = pytest.mark.usefixtures("in_project")
ADD = "admin:campaigns_campaign_add"
COST = "admin:campaigns_campaign_cost"


def page(campaign):
    return reverse("admin:campaigns_campaign_change", args=[campaign.pk])


def form(**changes):
    return {
        "name": "First 500",
        "type": "STANDALONE",
        "public_code": "FIRST500",
        "redemption_limit": "",
        "discount_type": "AMOUNT",
        "amount_off": "10",
        "active": "on",
        "listed": "on",
        "metadata": "{}",
        **changes,
    }


def row(index=0, **given):
    """One row of limits as the browser sends it."""
    values = {"measure": "redemptions", "period": "always", "overflow": "REFUSE", **given}
    return {f"limits-{index}-{name.replace('__', '-')}": each for name, each in values.items()}


def saved():
    return [
        (each.measure, each.period, each.per_customer, each.value, each.overflow)
        for each in Limit.objects.order_by("pk")
    ]


@pytest.mark.requirement(80, 81, 82, 83)
def test_a_marketer_types_limits_in_rows(person):
    http = person("Marketer")
    assert "Limits and budget" in http.get(reverse(ADD)).content.decode()

    answer = http.post(
        reverse(ADD),
        form(
            **row(0, measure="customers", value="500"),
            **row(2, measure="discount", value="30,000.00".replace(",", ""), overflow="CAP"),
            **row(5, measure="orders", period="month", value="۱۰۰٬۰۰۰٫۵"),
            **row(7, per_customer="on", value="1"),
            **row(8, value=""),
        ),
    )

    assert answer.status_code == 302, answer.context["errors"]
    assert saved() == [
        ("customers", "always", False, 500, "REFUSE"),
        ("discount", "always", False, 3_000_000, "CAP"),
        ("orders", "month", False, 10_000_050, "REFUSE"),
        ("redemptions", "always", True, 1, "REFUSE"),
    ]
    assert Limit.objects.first().history.get().history_user.username.startswith("person")


def test_what_is_stored_is_shown_again_and_kept(person):
    loyal = SegmentFactory(name="Loyal")
    campaign = CampaignFactory()
    LimitFactory(
        campaign=campaign, measure="discount", value=3_000_000, per_customer=True,
        relaxed={loyal.public_id: None},
    )  # fmt: skip
    http = person("Marketer")

    body = http.get(page(campaign)).content.decode()

    assert 'name="limits-0-value" value="30000.00"' in body
    assert f'<option value="{loyal.public_id}" selected>Loyal</option>' in body
    http.post(
        page(campaign),
        {
            **form(discount_type="PERCENT", percent_off="10"),
            **row(measure="discount", value="30000.00", per_customer="on",
                  segment=[loyal.public_id, ""], segment__value=["", ""]),
        },
    )  # fmt: skip
    assert saved() == [("discount", "always", True, 3_000_000, "REFUSE")]
    assert Limit.objects.get().relaxed == {loyal.public_id: None}
    assert Limit.history.count() == 1


@pytest.mark.requirement(87)
def test_a_segment_has_a_value_of_its_own(person):
    loyal = SegmentFactory()

    person("Marketer").post(
        reverse(ADD),
        form(**row(value="1", per_customer="on", segment=[loyal.public_id], segment__value=["3"])),
    )

    assert Limit.objects.get().relaxed == {loyal.public_id: 3}


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        (row(value="x"), "Limit 1: Enter a whole number."),
        (row(value="1.5"), "Limit 1: Enter a whole number."),
        (row(measure="discount", value="1.555"), "Limit 1: Enter an amount."),
        (row(value="-1"), "Limit 1: The number is too small or too big."),
        (row(value="1", measure="points"), "Limit 1: Choose one of the words that are offered."),
        ({**row(0, value="1"), **row(1, value="2")}, "Limit 2: Another limit counts the same."),
        (
            row(value="1", segment=[""], segment__value=["3"]),
            "Limit 1: Choose the segment for 3.",
        ),
        (
            row(value="", segment=["seg_1"], segment__value=["3"]),
            "Limit 1: Enter a whole number.",
        ),
    ],
)
def test_says_at_the_limits_what_is_wrong_and_keeps_what_was_typed(person, rows, problem):
    answer = person("Marketer").post(reverse(ADD), form(**rows))

    assert answer.context["adminform"].form.errors["limits"] == [problem]
    assert f'value="{rows["limits-0-value"]}"' in answer.content.decode()
    assert not Campaign.objects.exists()


def test_a_value_for_a_segment_must_be_more(person):
    loyal = SegmentFactory()

    answer = person("Marketer").post(
        reverse(ADD), form(**row(value="3", segment=[loyal.public_id], segment__value=["3"]))
    )

    assert answer.context["adminform"].form.errors["limits"] == [
        "Limit 1: A segment's value must be more than that for everybody."
    ]


@pytest.mark.requirement(60, 89, 90)
def test_the_other_bounds_are_fields(person):
    budget, calendar = BudgetFactory(), HolidayCalendarFactory()

    answer = person("Marketer").post(
        reverse(ADD),
        {
            **form(
                budget=budget.pk,
                margin_amount="0.50",
                margin_percent="12.5",
                holiday_calendar=calendar.pk,
                holiday_mode="ONLY",
                rollout_percent="10",
            ),
            "listed": "",
        },
    )

    assert answer.status_code == 302, answer.context["errors"]
    campaign = Campaign.objects.get()
    assert (campaign.budget, campaign.holiday_calendar) == (budget, calendar)
    assert (campaign.holiday_mode, campaign.rollout_percent) == ("ONLY", 10)
    floor = MarginFloor.objects.get()
    assert (floor.campaign, floor.amount, floor.percent) == (campaign, 50, 125_000)


def test_an_empty_margin_takes_the_floor_away(person):
    campaign = CampaignFactory()
    MarginFloorFactory(campaign=campaign)

    person("Marketer").post(page(campaign), form(discount_type="PERCENT", percent_off="10"))

    assert not MarginFloor.objects.exists()


def test_who_only_reads_sees_limits_in_words(person):
    loyal = SegmentFactory(name="Loyal")
    campaign = CampaignFactory()
    LimitFactory(campaign=campaign, value=500, per_customer=True, relaxed={loyal.public_id: 600})
    MarginFloorFactory(campaign=campaign, amount=50, percent=125_000)

    body = re.sub(r"<[^>]+>", " ", person("Viewer").get(page(campaign)).content.decode())

    said = " ".join(body.split())
    assert "Redemptions In all each customer by itself 500 ( Loyal : 600 )" in said
    assert "0.50 EUR" in said
    assert "12.5 %" in said


def cost(http, **changes):
    return http.post(reverse(COST), form(**changes)).json()["text"]


@pytest.mark.requirement(91)
def test_the_form_says_the_worst_case_before_activation(person):
    http = person("Marketer")

    assert cost(http) == (
        "It can cost without limit. Nothing says how often it can be used in all."
    )
    assert cost(http, **row(value="500")) == (
        "It costs 5,000.00 EUR at most: 500 redemptions of 10.00 EUR each."
    )
    assert cost(http, discount_type="PERCENT", percent_off="20", **row(value="500")) == (
        "It can cost without limit. Nothing says how high one discount can be."
    )
    capped = {"discount_type": "PERCENT", "percent_off": "20", "amount_limit": "25"}
    assert cost(http, **capped, **row(value="500")) == (
        "It costs 12,500.00 EUR at most: 500 redemptions of 25.00 EUR each."
    )
    assert cost(http, **capped, **row(measure="discount", value="30000")) == (
        "It costs 30,000.00 EUR at most: then its budget is spent."
    )
    assert cost(http, amount_off="", **row(value="x")) == (
        "Fill in discount and limits to see what it can cost at most."
    )
    codes = {"type": "STATIC", "count": "1000", "pattern": "####", "redemption_limit": "2"}
    assert cost(http, **codes) == (
        "It costs 20,000.00 EUR at most: 2,000 redemptions of 10.00 EUR each."
    )
    assert not Campaign.objects.exists()


@pytest.mark.requirement(91)
def test_the_budget_and_the_project_bound_the_worst_case_too(person):
    budget = BudgetFactory()
    LimitFactory(budget=budget, measure="discount", value=900_000)
    http = person("Marketer")

    assert cost(http, budget=budget.pk) == (
        "It costs 9,000.00 EUR at most: then its budget is spent."
    )
    LimitFactory(measure="discount", value=800_000)
    assert cost(http, budget=budget.pk) == (
        "It costs 8,000.00 EUR at most: then its budget is spent."
    )


@pytest.mark.requirement(91)
def test_the_page_and_the_switch_say_it_of_what_is_saved(person, in_project, at):
    definition = DefinitionVersionFactory(
        data={"type": "DISCOUNT_VOUCHER", "discount": {"type": "AMOUNT", "amount_off": 1000}}
    )
    campaign = CampaignFactory(definition=definition, active=False, type="AUTO_UPDATE")
    http = person("Marketer")
    assert "It can cost without limit." in http.get(page(campaign)).content.decode()

    documents = [{"measure": "redemptions", "value": 500}]
    limits.put(project=in_project, owner=campaign, documents=documents, at=at)

    said = "It costs 5,000.00 EUR at most: 500 redemptions of 10.00 EUR each."
    assert said in http.get(page(campaign)).content.decode()
    switch = reverse("admin:campaigns_campaign_do", args=[campaign.pk, "turn_on"])
    assert said in http.get(switch).content.decode()


def test_the_cost_is_for_those_who_may_write(person, other_project):
    theirs = CampaignFactory(project=other_project)
    own = CampaignFactory()
    marketer, viewer = person("Marketer"), person("Viewer")

    assert marketer.get(reverse(COST)).status_code == 404
    assert marketer.post(f"{reverse(COST)}?id={theirs.pk}", form()).status_code == 404
    assert viewer.post(reverse(COST), form()).status_code == 403
    assert viewer.post(f"{reverse(COST)}?id={own.pk}", form()).status_code == 403
    assert marketer.post(f"{reverse(COST)}?id={own.pk}", form()).status_code == 200
