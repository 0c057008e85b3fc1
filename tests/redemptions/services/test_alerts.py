"""An alert where a limit of the whole project stops a redemption: once in each of its periods."""

from datetime import timedelta

import pytest

from loyalty_project.core.models import OutboxEvent
from redemptions.services.tries import NotRedeemable
from tests.factories.campaign import CampaignFactory
from tests.factories.limit import LimitFactory
from tests.redemptions.terms import redeem, validate

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(88)]
DAY = timedelta(days=1)


def alerts():
    found = OutboxEvent.objects.filter(type="limit.reached").order_by("pk")
    return [(event.subject, event.data["used"], event.data["begins"]) for event in found]


def refused(project, at, name, **values):
    with pytest.raises(NotRedeemable):
        redeem(project, at, name, **values)


def test_the_first_refusal_of_each_period_is_told(in_project, code, at):
    code("FIVE", campaign=CampaignFactory())
    code("ALONE")
    limit = LimitFactory(measure="discount", period="day", value=900)
    redeem(in_project, at, "FIVE")
    assert alerts() == []

    refused(in_project, at, "FIVE")
    refused(in_project, at, "ALONE")
    assert alerts() == [(limit.public_id, 500, "2026-03-02")]

    redeem(in_project, at + DAY, "ALONE")
    refused(in_project, at + DAY, "FIVE")
    assert alerts()[1:] == [(limit.public_id, 500, "2026-03-03")]


def test_the_alert_says_the_limit_as_the_api_does(api, in_project, code, at):
    code("FIVE")
    LimitFactory(measure="redemptions", value=0)

    refused(in_project, at, "FIVE")

    event = OutboxEvent.objects.get(type="limit.reached")
    (shown,) = api.get("/v1/safety").json()["limits"]
    assert (shown.pop("used"), shown.pop("left")) == (0, 0)
    assert event.data == {"limit": shown, "used": 0, "begins": None}
    assert (event.project, event.occurred_at) == (in_project, at)


def test_a_limit_that_was_raised_is_told_of_again(in_project, code, at):
    code("FIVE")
    limit = LimitFactory(value=0)
    refused(in_project, at, "FIVE")

    limit.value = 1
    limit.save()
    in_project.version += 1  # what a limit is, is read again for another version
    in_project.save()
    redeem(in_project, at, "FIVE")
    refused(in_project, at, "FIVE")

    assert alerts() == [(limit.public_id, 0, None), (limit.public_id, 1, None)]


def test_limits_of_campaigns_and_of_single_customers_alarm_nobody(in_project, code, campaign, at):
    code("FIVE", campaign=campaign)
    code("ALONE")
    LimitFactory(campaign=campaign, value=1)
    LimitFactory(per_customer=True, value=1)
    redeem(in_project, at, "FIVE", customer={"source_id": "ada"})

    refused(in_project, at, "FIVE", customer={"source_id": "bob"})
    refused(in_project, at, "ALONE", customer={"source_id": "ada"})

    assert alerts() == []


def test_a_validation_tells_nobody(in_project, code, at):
    code("FIVE")
    LimitFactory(value=0)

    assert not validate(in_project, at, "FIVE").valid

    assert not OutboxEvent.objects.exists()
