"""A gift card gets an end, and its law forbids ends: whoever comes second is refused."""

import pytest

from campaigns.models import Campaign, CampaignType, Jurisdiction
from campaigns.services import campaigns, jurisdictions, state
from loyalty_project.core import clock
from tests.factories.campaign import CampaignFactory
from tests.factories.jurisdiction import JurisdictionFactory

pytestmark = pytest.mark.django_db(transaction=True)
END = "2030-01-01T00:00:00Z"


def both(project, at_once, paused, first):
    """The campaign gets an end while the law is tightened; `first` is read before the other."""
    law = JurisdictionFactory(project=project, is_default=True, gift_cards_expire=True)
    campaign = CampaignFactory(project=project, campaign_type=CampaignType.GIFT_VOUCHERS)
    done = paused(jurisdictions, first)

    def give_an_end():
        if first != "check_campaign":
            done.wait(5)
        data = {"expiration_date": END}
        return campaigns.update(project=project, campaign=campaign, data=data, at=clock.now())

    def tighten():
        if first == "check_campaign":
            done.wait(5)
        data = {"gift_cards_expire": False}
        return jurisdictions.update(project=project, jurisdiction=law, data=data, at=clock.now())

    return at_once([give_an_end, tighten])


def is_wrong():
    ends = Campaign.objects.filter(expires_at__isnull=False).exists()
    return ends and Jurisdiction.objects.filter(gift_cards_expire=False).exists()


@pytest.mark.requirement(300)
@pytest.mark.parametrize("first", ["check_campaign", "_refuse_ends"])
def test_the_second_of_both_is_refused(at_once, paused, in_project, first):
    results = both(in_project, at_once, paused, first)

    assert [isinstance(each, jurisdictions.MustNotExpire) for each in results] == [
        first == "_refuse_ends",
        first == "check_campaign",
    ]
    assert not is_wrong()


def test_without_the_lock_both_would_be_written(at_once, paused, in_project, monkeypatch):
    monkeypatch.setattr(state, "share_laws", lambda **_: None)
    monkeypatch.setattr(state, "alone_with_laws", lambda **_: None)

    both(in_project, at_once, paused, "check_campaign")

    assert is_wrong()
