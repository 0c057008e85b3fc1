"""Returns at the same moment: nothing comes back twice, and all of it exactly once."""

import pytest

from campaigns.services import vouchers
from loyalty_project.core import clock
from redemptions.context import Request, Wanted
from redemptions.models import OrderReturn, Redemption
from redemptions.services import orders, redemptions, returns, reversals, rollbacks
from rewards.ledger import audit
from rewards.models import LedgerAccount

pytestmark = pytest.mark.django_db(transaction=True)
UNITS = 6


@pytest.fixture
def sold(code, in_project):
    """6 units of 7.77, less 5.00, half of the rest by gift card."""
    code("FIVE", limit=1)
    data = {"type": "GIFT_VOUCHER", "gift": {"amount": 2_081}}
    vouchers.create(project=in_project, data=data, code="GIFT", at=clock.now())
    items = [{"source_id": "tea", "quantity": UNITS, "price": 777}]
    request = Request(
        redeemables=(Wanted("voucher", "FIVE"), Wanted("voucher", "GIFT")),
        order={"source_id": "A-1", "items": items},
    )
    return redemptions.redeem(project=in_project, request=request, at=clock.now())


def returning(project, units=1):
    wish = returns.Wish(items=[{"source_id": "tea", "quantity": units}])
    return lambda: returns.take(project=project, reference="A-1", wish=wish, at=clock.now())


def sums():
    columns = ("amount", "discount_amount", "credits_amount", "refund_amount")
    rows = OrderReturn.objects.values_list(*columns)
    return tuple(sum(column) for column in zip(*rows, strict=True))


@pytest.mark.requirement(144)
def test_ten_who_return_six_units_return_six(at_once, sold, in_project):
    results = at_once([returning(in_project)] * 10)
    results += at_once([returning(in_project)] * 4)

    made = [each for each in results if isinstance(each, OrderReturn)]
    assert (len(made), sum(each.is_whole for each in made)) == (UNITS, 1)
    assert {each.key for each in results if isinstance(each, Exception)} <= {
        "invalid_order",
        "invalid_payload",
        "multiple_requests",
    }
    assert sums() == (4_662, 500, 2_081, 2_081)
    assert LedgerAccount.objects.get().balance == 2_081
    assert audit.verify(project=in_project, at=clock.now()).differences == []
    assert not Redemption.objects.filter(rolled_back_at=None).exists()


def test_without_the_lock_of_the_order_more_comes_back(at_once, sold, in_project, monkeypatch):
    orders_now = returns.queries.orders
    monkeypatch.setattr(reversals, "hold", lambda **_: None)
    monkeypatch.setattr(reversals, "hold_order", lambda order_pk: orders_now().get(pk=order_pk))
    monkeypatch.setattr(returns.recording, "order", lambda **_: None)

    at_once([returning(in_project, 2)] * 6)

    assert OrderReturn.objects.count() > 3


@pytest.mark.requirement(144)
def test_a_return_a_rollback_and_a_cancellation_give_back_once(at_once, sold, in_project):
    def roll_back():
        return rollbacks.roll_back_stack(
            project=in_project,
            reference=sold.parent.public_id,
            wish=rollbacks.Wish(),
            at=clock.now(),
        )

    def cancel():
        return orders.cancel(project=in_project, reference="A-1", reason="", at=clock.now())

    at_once([roll_back, cancel, returning(in_project, 2), returning(in_project, 6), cancel])

    assert LedgerAccount.objects.get().balance == 2_081
    assert audit.verify(project=in_project, at=clock.now()).differences == []
    assert not Redemption.objects.filter(rolled_back_at=None).exists()
    code = Redemption.objects.get(code="FIVE").voucher
    assert code.redeemed_count == 0
