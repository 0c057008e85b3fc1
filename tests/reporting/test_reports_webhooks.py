"""The card of webhooks that fail, on the first page."""

import pytest

from loyalty_project.core import tenancy
from reporting.reports import overview, webhooks
from tests.factories.user import member
from tests.factories.webhook import WebhookEndpointFactory

pytestmark = pytest.mark.django_db


def test_names_those_that_fail_or_were_turned_off_for_it(in_project, other_project, at):
    WebhookEndpointFactory(description="Works")
    WebhookEndpointFactory(description="Off", active=False, disabled_reason="PERSON")
    assert webhooks.alerts() == []

    WebhookEndpointFactory(description="Slow", failing_since=at)
    WebhookEndpointFactory(description="Gone", active=False, disabled_reason="GONE")
    with tenancy.scope(other_project):
        WebhookEndpointFactory(description="Theirs", failing_since=at)
    (card,) = webhooks.alerts()

    assert [str(row[1]) for row in card.rows] == [
        "It answered 410: it does not want events any more",
        "Fails",
    ]
    assert "Gone" in card.rows[0][0]


def test_is_for_those_who_may_see_webhooks(in_project, staff, at):
    WebhookEndpointFactory(failing_since=at)
    titles = {
        role: [getattr(card, "title", "") for card in overview.cards_of(in_project, user, at=at)]
        for role in ("Developer", "Marketer")
        if (user := member(project=in_project, role=role))
    }

    assert "Webhooks that need attention" in titles["Developer"]
    assert "Webhooks that need attention" not in titles["Marketer"]
