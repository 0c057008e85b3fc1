"""Which limits of the whole project stopped redemptions lately."""

import re
from datetime import timedelta

import pytest

from loyalty_project.core import tenancy
from loyalty_project.core.admin.dashboard import Table
from loyalty_project.core.services import roles
from reporting.reports import overview, safety
from tests.factories.limit import LimitFactory
from tests.factories.user import member
from tests.redemptions.codes import make_code
from tests.redemptions.services.test_alerts import refused

DAY = timedelta(days=1)


def shown(at):
    return [
        [re.sub(r"<[^>]+>", "", str(cell)) for cell in row[1:]]
        for card in safety.alerts(at)
        for row in card.rows
    ]


@pytest.mark.requirement(88)
def test_shows_those_of_the_last_seven_days(in_project, at):
    make_code(in_project, "FIVE")
    LimitFactory(measure="discount", period="day", value=400)
    assert safety.alerts(at) == []

    refused(in_project, at, "FIVE")
    refused(in_project, at + DAY, "FIVE")

    assert shown(at + DAY) == [["Discounts given · Per day", "4.00 EUR"]] * 2
    assert shown(at + 7 * DAY) == [["Discounts given · Per day", "4.00 EUR"]]
    assert shown(at + 8 * DAY) == []


@pytest.mark.requirement(88)
def test_stands_on_the_first_page(in_project, at):
    make_code(in_project, "FIVE")
    LimitFactory(value=0)
    refused(in_project, at, "FIVE")
    roles.sync()
    marketer = member(project=in_project, role="Marketer")

    cards = overview.cards_of(in_project, marketer, at=at)

    titles = [card.title for card in cards if isinstance(card, Table)]
    assert titles[0] == "Safety limits reached"


def test_alerts_of_another_project_are_not_seen(in_project, other_project, at):
    make_code(in_project, "FIVE")
    LimitFactory(value=0)
    refused(in_project, at, "FIVE")

    with tenancy.scope(other_project):
        assert safety.alerts(at) == []
