"""Apology coupons: within the bounds of the project, within the allowance of the agent."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from campaigns.models import Apology, ApologyPolicy, Publication, ValidationRule, Voucher
from campaigns.services import apologies, apology_policies
from campaigns.services.apologies import Wish
from customers.services import erasure
from loyalty_project.core.errors import Invalid
from loyalty_project.core.models import OutboxEvent
from tests.factories.customer import CustomerFactory
from tests.factories.user import UserFactory


@pytest.fixture
def ada(in_project):
    return CustomerFactory(project=in_project, source_id="ada")


@pytest.fixture
def give(in_project, ada, at):
    """`give(amount=500)`: an apology of the same agent, or of `agent`."""
    known = UserFactory(username="agent")

    def issue(*, days=7, reason="Late parcel", agent=known, when=at, **value):
        wish = Wish(days=days, reason=reason, **value)
        return apologies.issue(project=in_project, customer=ada, wish=wish, agent=agent, at=when)

    return issue


def bounded(project, at, **values):
    apology_policies.put(project=project, data=values, at=at)


def refused(give, **values):
    with pytest.raises(Invalid) as error:
        give(**values)
    return error.value.key, error.value.extra.get("field")


def test_makes_a_code_for_one_use_of_one_customer(give, ada, at, in_project):
    bounded(in_project, at, max_amount=1000)

    apology = give(amount=500)

    voucher = Voucher.objects.get()
    assert voucher.code.startswith("SORRY-")
    assert (voucher.redemption_limit, voucher.holder) == (1, ada)
    assert voucher.expires_at == at + timedelta(days=7)
    assert voucher.definition.data["discount"]["amount_off"] == 500
    assert (apology.voucher, apology.agent.username, apology.reason) == (
        voucher, "agent", "Late parcel",
    )  # fmt: skip
    assert (apology.amount, apology.percent, apology.created_at) == (500, None, at)
    publication = Publication.objects.get()
    assert (publication.customer, publication.channel) == (ada, "support")
    event = OutboxEvent.objects.get(type="customer.apology.issued")
    assert (event.about, event.data["apology"]["reason"]) == (ada.public_id, "Late parcel")
    assert event.data["apology"]["agent"] == "agent"


def test_all_of_them_share_one_rule(give):
    give(percent=100_000)
    give(percent=50_000)

    rule = ValidationRule.objects.get()
    assert ApologyPolicy.objects.get().rule == rule
    assert {each.percent for each in Apology.objects.all()} == {100_000, 50_000}
    assert rule.assignments.count() == 2


def test_a_day_has_the_length_of_the_day_in_the_project(give, in_project):
    in_project.timezone = "Europe/Berlin"

    apology = give(percent=10_000, days=1, when=datetime(2026, 3, 28, 12, tzinfo=UTC))

    assert apology.voucher.expires_at == datetime(2026, 3, 29, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"amount": 1001}, "amount"),
        ({"amount": 0}, "amount"),
        ({"percent": 100_001}, "percent"),
        ({"percent": 100_000, "days": 31}, "days"),
        ({"percent": 100_000, "days": 0}, "days"),
        ({"percent": 100_000, "amount": 500}, "amount"),
        ({}, "amount"),
        ({"amount": 500, "reason": "  "}, "reason"),
    ],
)
def test_what_the_project_does_not_allow_is_refused(give, in_project, at, values, field):
    bounded(in_project, at, max_amount=1000)

    assert refused(give, **values) == ("invalid_apology", field)
    assert not Voucher.objects.exists()
    assert give(amount=1000, days=30).amount == 1000


def test_without_a_policy_there_are_percents_but_no_amounts(give):
    assert refused(give, amount=1) == ("invalid_apology", "amount")
    assert refused(give, percent=100_001) == ("invalid_apology", "percent")
    assert give(percent=100_000).percent == 100_000


def test_an_agent_has_an_allowance_for_each_day(give, in_project, at):
    in_project.timezone = "Asia/Tehran"
    bounded(in_project, at, max_amount=1000, daily_count=2, daily_amount=1500)
    late = datetime(2026, 3, 2, 20, 29, 59, tzinfo=UTC)
    give(amount=1000, when=late)

    assert refused(give, amount=501, when=late) == ("apology_allowance_exceeded", "amount")
    give(percent=10_000, when=late)
    assert refused(give, percent=10_000, when=late) == ("apology_allowance_exceeded", None)
    assert Voucher.objects.count() == 2
    give(amount=1000, when=late + timedelta(seconds=1))
    other = UserFactory(username="other")
    give(amount=1000, agent=other, when=late)
    assert apologies.given_today(project=in_project, agent=other, at=late) == apologies.Given(
        1, 1000
    )


@pytest.mark.parametrize(
    "values",
    [{"max_amount": -1}, {"max_percent": 1_000_001}, {"max_days": None}, {"max_days": 0}],
)
def test_bounds_are_checked(in_project, at, values):
    with pytest.raises(Invalid):
        bounded(in_project, at, **values)

    assert not ApologyPolicy.objects.exists()


def test_an_apology_stays_as_it_was_written(give, ada, in_project, at):
    apology = give(percent=10_000)

    for change in (lambda: apology.delete(), lambda: Apology.objects.update(reason="None")):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    erasure.erase(project=in_project, reference=ada.public_id, at=at)
    apologies.forget_customer(public_id=ada.public_id)
    apology.refresh_from_db()
    assert (apology.reason, apology.percent) == ("", 10_000)
    with pytest.raises(DatabaseError), transaction.atomic():
        Apology.objects.update(reason="None")
