"""What a rollback does to the order, by the mode of the stacking rules."""

import pytest

from campaigns.models import StackingRules
from campaigns.services import state
from customers.models import CustomerSummary
from loyalty_project.core.models import OutboxEvent
from redemptions.models import Order

PAID = {"amount": 2000, "status": "PAID"}


@pytest.mark.parametrize(
    ("mode", "order", "sums", "events"),
    [
        ("WITH_ORDER", ("CANCELED", 0, 2000), (0, 0), ["order.updated", "order.canceled"]),
        ("WITHOUT_ORDER", ("PAID", 500, 1500), (1, 1500), []),
    ],
)
def test_takes_the_discount_off_the_order_or_leaves_it_as_it_is(
    api, code, redeemed, project, mode, order, sums, events
):
    StackingRules.objects.create(project=project, redeemables_rollback_order_mode=mode)
    state.stamp(project=project)
    voucher = code("ONCE", limit=1)
    done = redeemed("ONCE", customer={"source_id": "ada"}, order=PAID)
    redemption_id = done["redemptions"][0]["id"]
    before = OutboxEvent.objects.count()
    updated_at = Order.objects.get().updated_at

    body = api.post(f"/v1/redemptions/{redemption_id}/rollback").json()

    stored = Order.objects.get()
    assert (stored.status, stored.discount_amount, stored.total_amount) == order
    assert (stored.updated_at == updated_at) is (mode == "WITHOUT_ORDER")
    shown = body["order"]
    assert (shown["status"], shown.get("discount_amount", 0), shown["total_amount"]) == order
    assert shown["redemptions"][redemption_id]["rollback_id"] == body["id"]
    summary = CustomerSummary.objects.get()
    assert (summary.orders_count, summary.orders_amount) == sums
    types = list(OutboxEvent.objects.order_by("pk").values_list("type", flat=True))
    assert types[before:] == ["redemption.rollback.succeeded", *events]
    voucher.refresh_from_db()
    assert voucher.redeemed_count == 0
