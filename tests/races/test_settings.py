"""Limits and metadata that change while codes are used: nothing is lost, nothing counted wrong."""

import pytest

from campaigns import queries
from campaigns.models import Campaign, UsageDelta, Voucher
from campaigns.services import bulk_updates, campaigns, counting, propagation, state, vouchers
from loyalty_project.core import async_actions, clock, jobs
from redemptions.context import Request, Wanted
from redemptions.services import redemptions, rollbacks
from tests.factories.campaign import CampaignFactory
from tests.factories.voucher import uses_of

pytestmark = pytest.mark.django_db(transaction=True)


def request(name):
    return Request(redeemables=(Wanted("voucher", name),), order={"amount": 2000})


def bulk_while_changed(at_once, project, inside):
    """The metadata of a code that a job and a request change at the same moment."""
    bulk_updates.start_metadata(project=project, codes=["ONE"], values={"a": 1}, at=clock.now())

    def put():
        inside.wait(5)
        row = queries.get_voucher(reference="ONE")
        vouchers.update(project=project, voucher=row, data={"metadata": {"b": 2}}, at=clock.now())

    assert at_once([jobs.run_due, put]) == [1, None]
    return Voucher.objects.get(code="ONE").metadata


def test_a_bulk_update_and_a_change_of_metadata_are_both_kept(at_once, code, in_project, paused):
    code("ONE", limit=1)

    kept = bulk_while_changed(at_once, in_project, paused(bulk_updates, "_locked"))

    assert kept == {"a": 1, "b": 2}


def test_without_the_locks_of_the_rows_one_would_be_lost(
    at_once, code, in_project, paused, monkeypatch
):
    code("ONE", limit=1)

    def unlocked(lines):
        return queries.vouchers_by_codes(codes=[line.data["code"] for line in lines])

    monkeypatch.setattr(bulk_updates, "_locked", unlocked)

    kept = bulk_while_changed(at_once, in_project, paused(bulk_updates, "_locked"))

    assert kept == {"a": 1}


def limit_while_redeemed(at_once, project, inside):
    """The code as a job leaves it that limits a campaign's codes, one being redeemed meanwhile."""
    campaign = Campaign.objects.get()
    data = {"voucher": {"redemption": {"quantity": 2}}}
    campaigns.update(project=project, campaign=campaign, data=data, at=clock.now())

    def redeem():
        inside.wait(5)
        return redemptions.redeem(project=project, request=request("ALL"), at=clock.now())

    _count, result = at_once([jobs.run_due, redeem])
    assert isinstance(result, redemptions.Redeemed)
    voucher = Voucher.objects.get(code="ALL")
    return voucher.redemption_limit, voucher.redeemed_count, UsageDelta.objects.count()


def test_a_campaign_limits_a_code_only_while_nobody_uses_it(at_once, code, in_project, paused):
    code("ALL", campaign=CampaignFactory(project=in_project))

    found = limit_while_redeemed(at_once, in_project, paused(async_actions, "advance"))

    assert found == (2, 1, 0)


def test_without_the_lock_of_the_campaign_a_use_would_not_count_against_the_limit(
    at_once, code, in_project, paused, monkeypatch
):
    code("ALL", campaign=CampaignFactory(project=in_project))
    monkeypatch.setattr(propagation.state, "alone", lambda **_values: None)

    found = limit_while_redeemed(at_once, in_project, paused(async_actions, "advance"))

    assert found == (2, 0, 1)


def test_a_code_that_is_used_already_is_left_without_limit(code, in_project, work):
    campaign = CampaignFactory(project=in_project)
    code("ALL", campaign=campaign)
    redemptions.redeem(project=in_project, request=request("ALL"), at=clock.now())

    data = {"voucher": {"redemption": {"quantity": 2}}}
    campaigns.update(project=in_project, campaign=campaign, data=data, at=clock.now())
    work()

    voucher = Voucher.objects.get(code="ALL")
    assert voucher.redemption_limit is None
    assert uses_of(voucher) == 1


def test_a_rollback_waits_for_a_limit_that_comes(at_once, code, in_project, paused):
    voucher = code("ALL")
    made = redemptions.redeem(project=in_project, request=request("ALL"), at=clock.now())
    inside = paused(counting, "fold_voucher")

    def limit():
        row = queries.get_voucher(reference="ALL")
        data = {"redemption": {"quantity": 2}}
        vouchers.update(project=in_project, voucher=row, data=data, at=clock.now())

    def roll_back():
        inside.wait(5)
        rollbacks.roll_back(
            project=in_project,
            reference=made.redemptions[0].public_id,
            wish=rollbacks.Wish(),
            at=clock.now(),
        )

    assert at_once([limit, roll_back]) == [None, None]
    voucher.refresh_from_db()
    assert (voucher.redemption_limit, voucher.redeemed_count) == (2, 0)
    assert not UsageDelta.objects.exists()


def test_folding_does_not_wait_for_a_code_that_gets_a_limit(at_once, code, in_project, paused):
    voucher = code("ALL")
    redemptions.redeem(project=in_project, request=request("ALL"), at=clock.now())
    inside = paused(state, "exclusive_voucher")

    def limit():
        row = queries.get_voucher(reference="ALL")
        data = {"redemption": {"quantity": 2}}
        vouchers.update(project=in_project, voucher=row, data=data, at=clock.now())

    def fold():
        inside.wait(5)
        return counting.fold(project=in_project)

    assert at_once([limit, fold]) == [None, 0]
    voucher.refresh_from_db()
    assert (voucher.redemption_limit, voucher.redeemed_count) == (2, 1)
