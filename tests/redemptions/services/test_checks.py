"""What must be true of a project is asked every night; what is not is shown and counted."""

from datetime import timedelta

import pytest
from django.db import OperationalError

from campaigns.models import Voucher
from loyalty_project.core import checkup, clock
from loyalty_project.core.models import OutboxEvent
from loyalty_project.core.monitoring import exposition
from redemptions import tasks
from redemptions.context import Request, Wanted
from redemptions.models import NightlyCheck, UsageCounter
from redemptions.services import checks, redemptions
from tests.factories.campaign import CampaignFactory
from tests.factories.limit import LimitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sold(code, in_project):
    """Two uses of a code of a limited campaign, by a customer."""
    campaign = CampaignFactory()
    LimitFactory(campaign=campaign, value=5)
    LimitFactory(campaign=campaign, value=2, per_customer=True, period="month")
    code("FIVE", campaign=campaign, limit=5)
    request = Request(
        redeemables=(Wanted("voucher", "FIVE"),),
        order={"amount": 2000},
        customer={"source_id": "ada"},
    )
    for _ in range(2):
        redemptions.redeem(project=in_project, request=request, at=clock.now())


def gauge():
    text = exposition().decode()
    return next(line for line in text.splitlines() if line.startswith("wafa_broken_invariants"))


def on_status_page():
    (found,) = [one for one in checkup.examine() if one.name == "nightly check"]
    return found.well, found.detail


def test_what_holds_is_said_to_hold(sold, at):
    assert on_status_page() == (True, "not yet; every night at 3:00 UTC")

    tasks.check()

    found = NightlyCheck.objects.get()
    assert (found.breaches, found.unfinished) == ([], [])
    assert on_status_page() == (True, "all as it must be")
    assert gauge() == "wafa_broken_invariants 0.0"


def test_what_was_changed_by_hand_is_found_and_shown(sold, in_project, set_clock):
    UsageCounter.objects.filter(key__contains=":always:").update(used=3)
    Voucher.objects.update(redeemed_count=1)
    OutboxEvent.objects.filter(type="redemption.succeeded").first().delete()
    OutboxEvent.objects.filter(type="order.created").update(
        created_at=clock.now() - timedelta(hours=1)
    )

    tasks.check()

    told = {each["said"]: len(each["rows"]) for each in NightlyCheck.objects.get().breaches}
    assert told == {
        "every counter is the sum of its redemptions without those taken back": 1,
        "every code counts its redemptions, and no more than its limit": 1,
        "every redemption and rollback is told once": 1,
        "every event is dispatched": 2,
    }
    assert on_status_page() == (False, "something is not as it must be in: Roaster")
    assert gauge() == "wafa_broken_invariants 4.0"
    set_clock(clock.now() + timedelta(days=3))
    NightlyCheck.objects.update(breaches=[])
    assert on_status_page() == (False, "last checked 3 days ago")


def test_a_question_that_fails_stops_no_other(sold, in_project, at, monkeypatch):
    original = checks.breaches

    def breaches(project, invariant, **values):
        if "code" in invariant.said:
            raise OperationalError
        return original(project, invariant, **values)

    monkeypatch.setattr(checks, "breaches", breaches)

    found = checks.check(project=in_project, at=clock.now())

    assert found.breaches == []
    assert found.unfinished == ["every code counts its redemptions, and no more than its limit"]
    assert gauge() == "wafa_broken_invariants 1.0"
