"""Changing and deleting at the same moment: the later one sees what the earlier one did."""

import pytest

from campaigns import queries
from campaigns.models import Campaign, Voucher
from campaigns.services import (
    campaigns,
    deletion,
    pools,
    publications,
    state,
    vouchers,
)
from loyalty_project.core import clock, errors
from loyalty_project.core.models import AsyncAction, OutboxEvent
from redemptions.context import Request, Wanted
from redemptions.models import Order, Redemption
from redemptions.services import redemptions, tries, validations
from tests.factories.campaign import CampaignFactory

pytestmark = pytest.mark.django_db(transaction=True)


def request(name):
    return Request(redeemables=(Wanted("voucher", name),), order={"amount": 2000})


def announced(name):
    return OutboxEvent.objects.filter(type=name).count()


def test_the_codes_of_a_deleted_campaign_are_refused_at_once(code, in_project):
    campaign = CampaignFactory(project=in_project)
    code("ALL", campaign=campaign)
    deletion.delete_campaign(project=in_project, campaign=campaign, force=False, at=clock.now())

    found = validations.validate(project=in_project, request=request("ALL"), at=clock.now())
    with pytest.raises(tries.NotRedeemable):
        redemptions.redeem(project=in_project, request=request("ALL"), at=clock.now())

    assert not found.evaluation.valid
    assert Voucher.objects.get(code="ALL").deleted_at is None
    assert not Redemption.objects.filter(result="SUCCESS").exists()
    assert not Order.objects.exists()
    with pytest.raises(errors.NotFound):
        queries.get_voucher(reference="ALL")


def test_a_redemption_that_waited_for_the_deletion_is_refused(at_once, code, in_project, paused):
    campaign = CampaignFactory(project=in_project)
    code("ALL", campaign=campaign)
    deleting = paused(deletion.state, "exclusive")

    def delete():
        deletion.delete_campaign(project=in_project, campaign=campaign, force=False, at=clock.now())

    def redeem():
        deleting.wait(5)
        return redemptions.redeem(project=in_project, request=request("ALL"), at=clock.now())

    _deleted, result = at_once([delete, redeem])

    assert isinstance(result, errors.LoyaltyError)
    assert not Redemption.objects.filter(result="SUCCESS").exists()


def test_codes_are_not_made_for_a_campaign_in_the_bin(in_project, work):
    campaign = CampaignFactory(project=in_project)
    started = campaigns.add_vouchers(
        project=in_project, campaign=campaign, count=20, at=clock.now()
    )
    seen = Campaign.objects.get(pk=campaign.pk)
    deletion.delete_campaign(project=in_project, campaign=campaign, force=False, at=clock.now())

    with pytest.raises(errors.NotFound):
        vouchers.issue(project=in_project, campaign=seen, at=clock.now())
    work()

    started.refresh_from_db()
    assert started.status == "FAILED"
    assert started.done == 0
    assert not Voucher.objects.exists()
    assert announced("campaign.vouchers.generation.completed") == 0


def test_a_campaign_that_grows_does_not_grow_in_the_bin(in_project):
    campaign = CampaignFactory(project=in_project, type="AUTO_UPDATE")
    seen = Campaign.objects.get(pk=campaign.pk)
    deletion.delete_campaign(project=in_project, campaign=campaign, force=False, at=clock.now())

    with pytest.raises(errors.NotFound):
        pools.take(campaign=seen, count=1, at=clock.now())

    assert not Voucher.objects.exists()


def test_a_code_is_deleted_once_by_four(at_once, code, in_project):
    campaign = CampaignFactory(project=in_project, vouchers_count=5)
    code("ALL", campaign=campaign)
    rows = [queries.get_voucher(reference="ALL") for _ in range(4)]

    results = at_once(
        [
            lambda row=row: deletion.delete_voucher(
                project=in_project, voucher=row, force=False, at=clock.now()
            )
            for row in rows
        ]
    )

    campaign.refresh_from_db()
    assert sum(isinstance(result, errors.NotFound) for result in results) == 3
    assert campaign.vouchers_count == 4
    assert announced("voucher.deleted") == 1


def test_a_campaign_is_deleted_once_by_four(at_once, in_project):
    campaign = CampaignFactory(project=in_project)
    rows = [Campaign.objects.get(pk=campaign.pk) for _ in range(4)]

    results = at_once(
        [
            lambda row=row: deletion.delete_campaign(
                project=in_project, campaign=row, force=False, at=clock.now()
            )
            for row in rows
        ]
    )

    assert sum(isinstance(result, errors.NotFound) for result in results) == 3
    assert AsyncAction.objects.count() == 1
    assert announced("campaign.deleted") == 1


@pytest.mark.parametrize("force", [False, True])
def test_a_code_that_was_deleted_meanwhile_is_not_found(code, in_project, force):
    code("ALL")
    seen = queries.get_voucher(reference="ALL")
    other = queries.get_voucher(reference="ALL")
    deletion.delete_voucher(project=in_project, voucher=other, force=force, at=clock.now())
    changes = [
        lambda: vouchers.set_active(project=in_project, voucher=seen, active=False, at=clock.now()),
        lambda: vouchers.set_active(project=in_project, voucher=seen, active=True, at=clock.now()),
        lambda: vouchers.update(project=in_project, voucher=seen, data={}, at=clock.now()),
    ]

    for change in changes:
        with pytest.raises(errors.NotFound) as refusal:
            change()
        assert refusal.value.details == "Cannot find voucher with id ALL"

    assert announced("voucher.updated") == announced("voucher.disabled") == 0


def test_a_campaign_that_was_deleted_meanwhile_is_not_found(code, in_project):
    campaign = CampaignFactory(project=in_project)
    code("ALL", campaign=campaign)
    seen = Campaign.objects.get(pk=campaign.pk)
    member = queries.get_voucher(reference="ALL")
    deletion.delete_campaign(project=in_project, campaign=campaign, force=False, at=clock.now())

    for change in (
        lambda: campaigns.disable(project=in_project, campaign=seen, at=clock.now()),
        lambda: campaigns.update(project=in_project, campaign=seen, data={}, at=clock.now()),
        lambda: vouchers.set_active(
            project=in_project, voucher=member, active=False, at=clock.now()
        ),
    ):
        with pytest.raises(errors.NotFound):
            change()

    campaign.refresh_from_db()
    assert campaign.active
    assert announced("campaign.updated") == announced("campaign.disabled") == 0


def publish_while_changed(at_once, project, inside):
    """The end of a code that one request publishes while another changes its text."""

    def change():
        row = queries.get_voucher(reference="ONE")
        data = {"additional_info": "x"}
        vouchers.update(project=project, voucher=row, data=data, at=clock.now())

    def publish():
        inside.wait(5)
        data = {"voucher": "ONE", "customer": "ann"}
        publications.publish(project=project, data=data, at=clock.now())

    assert at_once([change, publish]) == [None, None]
    voucher = Voucher.objects.get(code="ONE")
    assert (voucher.additional_info, voucher.publish_count) == ("x", 1)
    return voucher.expires_at


def test_a_change_keeps_what_a_publication_sets_meanwhile(at_once, code, in_project, paused):
    campaign = CampaignFactory(project=in_project, activity_duration_after_publishing="P1D")
    code("ONE", campaign=campaign, limit=1)

    assert publish_while_changed(at_once, in_project, paused(state, "exclusive_voucher"))


def test_without_the_lock_of_the_row_it_would_be_lost(
    at_once, code, in_project, paused, monkeypatch
):
    campaign = CampaignFactory(project=in_project, activity_duration_after_publishing="P1D")
    code("ONE", campaign=campaign, limit=1)
    monkeypatch.setattr(state, "exclusive_voucher", lambda *, voucher: voucher.refresh_from_db())

    assert not publish_while_changed(at_once, in_project, paused(state, "exclusive_voucher"))
