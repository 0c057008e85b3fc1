"""A budget or holiday calendar is deleted at the very moment that a campaign joins."""

import pytest

from campaigns.models import Campaign
from campaigns.services import bounds, budgets, campaigns, holidays
from loyalty_project.core import clock, errors
from tests.factories.campaign import CampaignFactory
from tests.factories.limit import BudgetFactory, HolidayCalendarFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["budget", "calendar"])
def joined(request, in_project):
    """What the campaign gets, how it is deleted, the refusal of that, the field of a campaign."""
    if request.param == "budget":
        budget = BudgetFactory()

        def delete():
            budgets.delete(project=in_project, budget=budget, at=clock.now())

        return {"budget_id": budget.public_id}, delete, budgets.BudgetInUse, "budget"
    calendar = HolidayCalendarFactory()

    def delete_calendar():
        holidays.delete(project=in_project, calendar=calendar, at=clock.now())

    data = {"holidays": {"calendar_id": calendar.public_id}}
    return data, delete_calendar, holidays.CalendarInUse, "holiday_calendar"


def test_who_deletes_waits_for_the_campaign_that_joins(at_once, in_project, paused, joined):
    data, delete, refusal, field = joined
    campaign = CampaignFactory()
    joining = paused(bounds, "set_fields")

    def join():
        campaigns.update(project=in_project, campaign=campaign, data=data, at=clock.now())

    def delete_meanwhile():
        joining.wait(5)
        delete()

    nothing, refused = at_once([join, delete_meanwhile])

    assert nothing is None
    assert isinstance(refused, refusal)
    assert getattr(Campaign.objects.get(), field) is not None


def test_who_joins_waits_for_the_deletion(at_once, in_project, paused, joined):
    data, delete, refusal, field = joined
    campaign = CampaignFactory()
    module = budgets if refusal is budgets.BudgetInUse else holidays
    deleting = paused(module.state, "stamp")

    def join():
        deleting.wait(5)
        campaigns.update(project=in_project, campaign=campaign, data=data, at=clock.now())

    nothing, refused = at_once([delete, join])

    assert nothing is None
    assert isinstance(refused, errors.NotFound)
    assert getattr(Campaign.objects.get(), field) is None


def test_who_deletes_twice_is_told_that_it_is_gone(at_once, in_project, joined):
    _data, delete, _refusal, _field = joined

    first, second = at_once([delete, delete])

    assert sorted([first is None, second is None]) == [False, True]
    assert isinstance(first or second, errors.NotFound)
