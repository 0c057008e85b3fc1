"""What is sent is below 20 kB, whatever happened."""

import json

import pytest

from loyalty_project.core.webhooks import payload
from tests.factories.webhook import WebhookDeliveryFactory


@pytest.mark.parametrize(
    ("data", "kept"),
    [
        ({"order": {"id": "ord_1", "amount": 5}}, {"order": {"id": "ord_1", "amount": 5}}),
        (
            {"order": {"id": "ord_1", "items": [{"id": "x" * 30_000}]}, "voucher": None},
            {"order": {"id": "ord_1"}, "voucher": None},
        ),
        (
            {
                "order": {
                    "id": "ord_1",
                    "object": "order",
                    **{f"n{n}": "x" * 190 for n in range(120)},
                }
            },
            {"order": {"id": "ord_1", "object": "order"}},
        ),
    ],
    ids=["small", "with lists", "with many members"],
)
def test_a_body_stays_below_20_kb_and_says_what_it_leaves_out(in_project, data, kept):
    delivery = WebhookDeliveryFactory(project=in_project, event__data=data)

    body = payload.body_of(delivery)

    assert len(body.encode()) < 20_000
    assert json.loads(body)["data"] == kept
    assert ("truncated" in json.loads(body)) is (kept != data)
