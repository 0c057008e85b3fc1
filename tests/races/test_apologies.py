"""Apologies of one agent at the same moment: as many as the day allows."""

import pytest

from campaigns.models import Apology, ApologyPolicy, ValidationRule, Voucher
from campaigns.services import apologies, apology_policies
from loyalty_project.core import clock
from tests.factories.customer import CustomerFactory
from tests.factories.user import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_allowance_of_a_day_is_not_passed_and_one_rule_is_made(at_once, in_project):
    agent, ada = UserFactory(), CustomerFactory(project=in_project)
    apology_policies.put(project=in_project, data={"daily_count": 2}, at=clock.now())
    wish = apologies.Wish(days=7, reason="Late parcel", percent=50_000)

    results = at_once(
        [
            lambda: apologies.issue(
                project=in_project, customer=ada, wish=wish, agent=agent, at=clock.now()
            )
        ]
        * 5
    )

    refused = [each.key for each in results if isinstance(each, Exception)]
    assert refused == ["apology_allowance_exceeded"] * 3
    assert (Apology.objects.count(), Voucher.objects.count()) == (2, 2)
    assert ApologyPolicy.objects.get().rule == ValidationRule.objects.get()
