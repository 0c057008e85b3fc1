"""Samples at the same moment: as many as there are, no more."""

import pytest

from loyalty_project.core import clock, guarded
from redemptions.context import Request, Wanted
from redemptions.models import Redemption
from redemptions.services import redemptions
from rewards.services import stocks
from tests.factories.product import ProductFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sample(in_project):
    return ProductFactory(project=in_project, stock=10)


@pytest.fixture
def takers(in_project, sample, code):
    discount = {"type": "UNIT", "unit_type": sample.public_id, "effect": "ADD_NEW_ITEMS"}
    code("SAMPLE", discount=discount)
    request = Request(redeemables=(Wanted("voucher", "SAMPLE"),), order={"amount": 2000})
    return lambda n: (
        [lambda: redemptions.redeem(project=in_project, request=request, at=clock.now())] * n
    )


@pytest.mark.requirement(2)
def test_ten_samples_go_to_ten_of_fifty(at_once, takers, sample):
    results = at_once(takers(50))

    sample.refresh_from_db()
    refused = [each.key for each in results if isinstance(each, Exception)]
    assert refused == ["gift_out_of_stock"] * 40
    assert sample.stock == 0
    assert Redemption.objects.filter(result="SUCCESS").count() == 10


def test_without_the_guard_more_would_be_given_than_there_are(at_once, takers, sample, monkeypatch):
    unguarded = guarded.Statement("SELECT 1", rows=1)
    monkeypatch.setattr(stocks, "take", lambda **_values: [unguarded])
    sample.stock = 1
    sample.save()

    results = at_once(takers(8))

    assert sum(isinstance(each, redemptions.Redeemed) for each in results) > 1
