"""docs/events.md says what the data of each event holds, and each event is made to happen."""

import re
from datetime import timedelta

import pytest

from campaigns.services import apologies
from customers.models import Customer, Segment
from customers.services import segments
from loyalty_project.core import tenancy
from loyalty_project.core.models import OutboxEvent
from loyalty_project.core.services import webhooks
from loyalty_project.core.webhooks import outcomes, sending
from loyalty_project.core.webhooks.posting import Answer
from tests.architecture.test_events import LISTED
from tests.factories.user import UserFactory
from tests.factories.webhook import WebhookEndpointFactory

PERCENT = {"type": "DISCOUNT_VOUCHER", "discount": {"type": "PERCENT", "percent_off": 10}}
NAME = re.compile(r"`([a-z_.]+)`")


def named(data, listed):
    """The members that a cell of the table names; another event stands for all of its own."""
    found = set()
    for name in NAME.findall(data):
        found |= named(listed[name], listed) if "." in name else {name}
    return found


def documented():
    listed = {event: data for event, _when, data in LISTED}
    return {event: named(data, listed) for event, data in listed.items()}


def customers_come_and_go(api):
    api.post("/v1/customers", {"source_id": "ada", "name": "Ada"})
    api.put("/v1/customers/ada", {"name": "Ada Byron"})
    api.post("/v1/customers", {"source_id": "bob"})
    api.delete("/v1/customers/bob")


def campaigns_change(api, work):
    voucher = {**PERCENT, "redemption": {"quantity": None}}
    body = {"campaign_type": "DISCOUNT_COUPONS", "voucher": voucher}
    api.post("/v1/campaigns", {**body, "name": "Spring", "vouchers_count": 2})
    narrow = {**voucher, "code_config": {"pattern": "#", "charset": "AB"}}
    api.post("/v1/campaigns", {**body, "name": "Full", "vouchers_count": 2, "voucher": narrow})
    api.post("/v1/vouchers/A", PERCENT)
    work()
    api.put("/v1/campaigns/Spring", {"description": "Flowers"})
    for action in ("disable", "enable"):
        api.post(f"/v1/campaigns/Spring/{action}")
    api.delete("/v1/campaigns/Full")


def cards_move(api):
    api.post("/v1/vouchers/CARD", {"type": "GIFT_VOUCHER", "gift": {"amount": 5_000}})
    api.post("/v1/vouchers/CARD/balance", {"amount": 100})


def promotions_change(api):
    tier = {"name": "Tier", "action": {"discount": PERCENT["discount"]}}
    body = {"name": "Promotion", "campaign_type": "PROMOTION"}
    campaign = api.post("/v1/campaigns", body).json()["id"]
    first = api.post(f"/v1/promotions/{campaign}/tiers", tier).json()["id"]
    stack = {"name": "Stack", "tiers": {"ids": [first]}}
    made = api.post(f"/v1/promotions/{campaign}/stacks", stack).json()["id"]
    api.put(f"/v1/promotions/{campaign}/stacks/{made}", {"name": "Other"})
    api.put(f"/v1/promotions/tiers/{first}", {"banner": "Hello"})
    for action in ("disable", "enable"):
        api.post(f"/v1/promotions/tiers/{first}/{action}")
    api.delete(f"/v1/promotions/tiers/{first}")


def vouchers_change(api):
    api.post("/v1/vouchers/TEN", {**PERCENT, "redemption": {"quantity": 1}})
    api.put("/v1/vouchers/TEN", {"additional_info": "Printed"})
    for action in ("disable", "enable"):
        api.post(f"/v1/vouchers/TEN/{action}")
    api.delete("/v1/vouchers/A")
    api.post("/v1/publications", {"voucher": "TEN", "customer": {"source_id": "ada"}})


def orders_change(api):
    for number, status in enumerate(("CREATED", "PAID", "CANCELED", "FULFILLED")):
        api.post("/v1/orders", {"source_id": f"o{number}", "amount": 500, "status": status})
    api.put("/v1/orders/o0", {"amount": 700})
    api.post("/v1/orders/o1/returns", {"amount": 100})


def rules_change(api):
    weather = {"name": "order.metadata", "property": "weather", "conditions": {"$is": ["rain"]}}
    rule = api.post("/v1/validation-rules", {"name": "Rain", "rules": {"1": weather}}).json()
    path = f"/v1/validation-rules/{rule['id']}"
    api.put(path, {"name": "Rainy days"})
    made = api.post(f"{path}/assignments", {"campaign": "Spring"}).json()
    api.delete(f"{path}/assignments/{made['id']}")
    api.delete(path)


def customers_enter_and_leave_segments(api, project, at):
    made = api.post("/v1/segments", {"name": "VIP", "type": "static", "customers": []}).json()
    with tenancy.scope(project):
        segment = Segment.objects.get(public_id=made["id"])
        ada = Customer.objects.get(source_id="ada")
        for change in (segments.add, segments.remove):
            change(project=project, segment=segment, customers=[ada], at=at)


def support_says_sorry(project, at):
    with tenancy.scope(project):
        apologies.issue(
            project=project,
            customer=Customer.objects.get(source_id="ada"),
            wish=apologies.Wish(days=7, reason="Late parcel", percent=100_000),
            agent=UserFactory(),
            at=at,
        )


def codes_are_redeemed(api):
    body = {"redeemables": [{"object": "voucher", "id": "TEN"}], "order": {"amount": 2000}}
    done = api.post("/v1/redemptions", {**body, "customer": {"source_id": "ada"}}).json()
    api.post("/v1/redemptions", body)
    for _ in range(2):
        api.post(f"/v1/redemptions/{done['redemptions'][0]['id']}/rollback")
    api.put("/v1/safety", {"limits": [{"measure": "discount", "period": "day", "value": 1}]})
    api.post("/v1/redemptions", body)


def a_webhook_fails(project, at):
    with tenancy.scope(project):
        endpoint = WebhookEndpointFactory(project=project, events=[])
        for days in (0, 1, 5):
            webhooks.send_test(project=project, endpoint=endpoint, at=at)
            now = at + timedelta(days=days)
            (delivery,) = sending.lease([sending.Room(endpoint.pk, 1)], at=now)
            outcomes.record(delivery, Answer(0.1, status=500), at=now)


@pytest.fixture
def data(api, project, work, at):
    """`{event: members of its data}`, of every event there has been."""
    customers_come_and_go(api)
    campaigns_change(api, work)
    cards_move(api)
    promotions_change(api)
    vouchers_change(api)
    orders_change(api)
    rules_change(api)
    customers_enter_and_leave_segments(api, project, at)
    support_says_sorry(project, at)
    codes_are_redeemed(api)
    a_webhook_fails(project, at)
    found = {}
    with tenancy.scope(project):
        for event in OutboxEvent.objects.all():
            found.setdefault(event.type, set()).add(frozenset(event.data))
    return found


def test_every_event_happens_with_the_data_of_the_list(data):
    assert data == {event: {frozenset(members)} for event, members in documented().items()}


def test_reads_members_and_those_of_another_event():
    listed = {"order.paid": "`order`, `customer`", "order.lost": "as `order.paid`, and `reason`"}

    assert named(listed["order.lost"], listed) == {"order", "customer", "reason"}
