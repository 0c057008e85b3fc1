"""The gift cards of the demo."""

import pytest

from campaigns.models import Voucher
from loyalty_project.core import tenancy
from loyalty_project.core.models import Project
from redemptions.services import checks
from reporting.reports import gift_cards
from reporting.reports.campaign_summary import Period
from reporting.reports.gift_cards import Totals
from rewards.ledger import audit
from tests.reporting.conftest import AT


@pytest.fixture
def shop(said):
    with tenancy.scope(Project.objects.get(slug="roastery")) as _:
        yield Project.objects.get(slug="roastery")


def test_are_spent_in_part_ended_and_given_back(shop):
    found = gift_cards.totals(project=shop, period=Period())

    # 16.90 and 29.90 off one card, 34.90 off one that has ended, 5.00 put on by hand.
    assert found == Totals(
        cards=5, sold=25_000, changed=500, spent=8_170, paid_out=0, outstanding=17_330
    )
    cards = Voucher.objects.exclude(account=None).order_by("pk")
    balances = list(cards.values_list("account__balance", flat=True))
    assert balances == [320, 5_500, 1_510, 5_000, 5_000]
    assert cards.filter(expires_at__lt=AT).count() == 1
    assert audit.verify(project=shop, at=AT).differences == []


def test_the_demo_is_as_a_project_must_be(shop):
    assert checks.check(project=shop, at=AT).breaches == []
