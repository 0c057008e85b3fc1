"""Holds under contention: as many as there is room for, each consumed or given back once."""

from datetime import timedelta

import pytest

from campaigns.models import Voucher
from campaigns.services import counting
from loyalty_project.core import clock
from loyalty_project.core.errors import Busy
from redemptions import usage
from redemptions.context import Request, Wanted
from redemptions.models import Hold, UsageCounter
from redemptions.services import holds, redemptions, releases, uses, validations
from redemptions.usage import Session
from tests.factories.campaign import CampaignFactory
from tests.factories.limit import LimitFactory

pytestmark = pytest.mark.django_db(transaction=True)


def asked(name, key=None, *, amount=2000, lifetime=timedelta(hours=1), **more):
    session = Session(key, is_whole=True, lifetime=lifetime) if key else None
    order = {"amount": amount}
    return Request(redeemables=(Wanted("voucher", name),), order=order, session=session, **more)


def holder(project, name, key, **more):
    request = asked(name, key, **more)

    def job():
        at = clock.now()
        done = validations.validate(project=project, request=request, at=at)
        return holds.hold(project=project, validated=done, at=at)

    return job


def patient(job):
    """As a good client does it: who is told to try again tries again."""

    def again():
        for _ in range(10):
            try:
                return job()
            except Busy:
                continue
        return job()

    return again


def buyer(project, name, key=None, **more):
    request = asked(name, key, **more)
    return lambda: redemptions.redeem(project=project, request=request, at=clock.now())


def valid(results):
    return [r for r in results if isinstance(r, validations.Validated) and r.evaluation.valid]


def bought(results):
    return [result for result in results if isinstance(result, redemptions.Redeemed)]


def counts(name):
    voucher = Voucher.objects.get(code=name)
    return voucher.redeemed_count, voucher.held_count


def test_fifty_who_hold_ten_uses_get_ten(at_once, code, in_project):
    """Each is told the truth, the rows agree with their holds, and the ten can all redeem."""
    campaign = CampaignFactory()
    code("TEN", limit=10, campaign=campaign)
    LimitFactory(campaign=campaign, measure="discount", value=5_000)

    results = at_once([patient(holder(in_project, "TEN", f"cart-{n}")) for n in range(50)])

    keys = [result.request.session.key for result in valid(results)]
    assert (len(keys), sorted(keys)) == (10, sorted(h.session_key for h in Hold.objects.all()))
    told = [r.evaluation.inapplicable[0].reason for r in results if r not in valid(results)]
    assert {reason.key for reason in told} == {"quantity_exceeded"}
    assert all(reason.details["held"] for reason in told)
    assert (counts("TEN"), UsageCounter.objects.get().held) == ((0, 10), 5_000)
    jobs = [patient(buyer(in_project, "TEN", key)) for key in keys]
    assert len(bought(at_once(jobs))) == 10
    counter = UsageCounter.objects.get()
    assert (counts("TEN"), counter.used, counter.held) == ((10, 0), 5_000, 0)


def test_without_the_guards_there_would_be_more(at_once, code, in_project, monkeypatch):
    campaign = CampaignFactory()
    code("MANY", campaign=campaign)
    code("TWO", limit=2)
    LimitFactory(campaign=campaign, value=2)
    monkeypatch.setattr(usage.Room, "guard", lambda *_of: ([], []))
    text = counting._CONSUME_LIMITED
    unguarded = text.replace("redeemed_count + held_count + %s <= redemption_limit", "%s > 0")
    monkeypatch.setattr(counting, "_CONSUME_LIMITED", unguarded)

    for name in ("MANY", "TWO"):
        jobs = [holder(in_project, name, f"{name}-{n}") for n in range(8)]
        assert len(valid(at_once(jobs))) > 2


def test_who_holds_and_who_buys_share_what_there_is(at_once, code, in_project):
    code("FIVE", limit=5)
    holding = [patient(holder(in_project, "FIVE", f"cart-{n}")) for n in range(8)]

    results = at_once([*holding, *[patient(buyer(in_project, "FIVE"))] * 8])

    held, sold = len(valid(results)), len(bought(results))
    assert (held + sold, counts("FIVE")) == (5, (sold, held))


def test_a_session_that_redeems_several_times_at_once_consumes_its_hold_once(
    at_once, code, in_project
):
    code("ONCE", limit=2)
    holder(in_project, "ONCE", "cart-1")()
    holder(in_project, "ONCE", "cart-2")()

    results = at_once([patient(buyer(in_project, "ONCE", "cart-1"))] * 6)

    assert (len(bought(results)), counts("ONCE")) == (1, (1, 1))
    assert Hold.objects.get().session_key == "cart-2"


def test_one_session_at_once_holds_once(at_once, code, in_project):
    campaign = CampaignFactory()
    code("ONCE", limit=1, campaign=campaign)
    code("OTHER", limit=1, campaign=campaign)
    LimitFactory(campaign=campaign, value=1)
    jobs = [patient(holder(in_project, name, "cart-1")) for name in ("ONCE", "OTHER")] * 4

    assert len(valid(at_once(jobs))) == 8

    held = Hold.objects.get().voucher.code
    assert (counts("ONCE")[1], counts("OTHER")[1]) == ((1, 0) if held == "ONCE" else (0, 1))
    assert UsageCounter.objects.get().held == 1


@pytest.mark.parametrize("others", ["release", "sweep", "redeem"])
def test_what_is_released_is_given_back_once(at_once, code, in_project, others):
    """By hand several times at once, and beside the sweep or its own redemption."""
    campaign = CampaignFactory()
    row = code("FIVE", limit=5, campaign=campaign)
    LimitFactory(campaign=campaign, value=5)
    short = timedelta(microseconds=1)
    holder(in_project, "FIVE", "cart-1", lifetime=short)()
    holder(in_project, "FIVE", "cart-2")()

    def release():
        releases.release_voucher(
            project=in_project, voucher=row, session_key="cart-1", at=clock.now()
        )
        return "released"

    jobs = {
        "release": release,
        "sweep": lambda: releases.sweep(project=in_project, at=clock.now()),
        "redeem": buyer(in_project, "FIVE", "cart-1"),
    }
    results = at_once([release, jobs[others]] * 4)

    sold = len(bought(results))
    released = results.count("released") + sum(r for r in results if isinstance(r, int))
    assert released <= 1
    assert (sold <= 4, counts("FIVE")) == (True, (sold, 1))
    counter = UsageCounter.objects.get()
    assert (counter.used, counter.held) == (sold, 1)


def test_expired_holds_are_in_nobodys_way_however_many_come(at_once, code, in_project):
    """All use what has expired, and none waits for a worker: exactly so many get it."""
    campaign = CampaignFactory()
    code("FIVE", limit=5, campaign=campaign)
    LimitFactory(campaign=campaign, value=5)
    for number in range(5):
        job = holder(in_project, "FIVE", f"cart-{number}", lifetime=timedelta(microseconds=1))
        assert job().evaluation.valid
    sweeps = [lambda: releases.sweep(project=in_project, at=clock.now())] * 2

    results = at_once([*[patient(buyer(in_project, "FIVE"))] * 6, *sweeps])

    counter = UsageCounter.objects.get()
    assert (len(bought(results)), counts("FIVE")) == (5, (5, 0))
    assert (counter.used, counter.held, Hold.objects.count()) == (5, 0, 0)


def test_a_hold_that_is_consumed_while_others_wait_is_not_given_to_them(
    at_once, code, in_project, paused
):
    """Between the end of the hold and the use there is no moment in which it is free."""
    code("ONCE", limit=1)
    holder(in_project, "ONCE", "cart-1")()
    inside = paused(uses, "write")

    def late():
        inside.wait(5)
        return buyer(in_project, "ONCE")()

    results = at_once([buyer(in_project, "ONCE", "cart-1"), late])

    assert isinstance(results[0], redemptions.Redeemed)
    assert (results[1].key, counts("ONCE")) == ("quantity_exceeded", (1, 0))


def test_a_customer_with_two_carts_is_one_customer(at_once, code, in_project):
    """Holds are no redemptions: whoever redeems first is new, whatever his other cart holds."""
    campaign = CampaignFactory()
    code("NEW", campaign=campaign)
    LimitFactory(campaign=campaign, measure="customers", value=5)
    ada = {"customer": {"source_id": "ada"}}
    keys = ("cart-1", "cart-2")
    assert (
        len(valid(at_once([patient(holder(in_project, "NEW", key, **ada)) for key in keys]))) == 2
    )

    assert (
        len(bought(at_once([patient(buyer(in_project, "NEW", key, **ada)) for key in keys]))) == 2
    )

    sums = {c.key.split(":")[0]: (c.used, c.held) for c in UsageCounter.objects.all()}
    assert sums == {"customers": (1, 0), "redemptions": (2, 0)}
