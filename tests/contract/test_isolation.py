"""What belongs to another project looks like nothing at all, on every route and in every body."""

import re

import pytest
from django.db import connection

from tests.client import ApiClient
from tests.contract import routes
from tests.contract.world import World
from tests.factories.api_key import client_headers

SERVER = routes.every("/v1")
CLIENT = routes.every("/client/v1")
# Parameters that name no object of a project, each with what is sent for it.
NO_OBJECTS = {
    # The kind of object that a metadata schema is for.
    "related_object": "customer",
    # A session is a word of the caller's choice; its voucher is the object.
    "session_key": "session",
}
# Routes that ask for no key: the signed token in the address is the permission.
SIGNED = {"GET /v1/assets/qr/{token}", "GET /v1/assets/barcode/{token}"}


@pytest.fixture
def ours(api, work, project):
    """Ids of objects of one project, by the name of the parameter that takes them."""
    found = World.build(api, work, project).parameters()
    return {**found, "event_id": api.get("/v1/events").json()["data"][0]["id"]}


@pytest.fixture
def unknown(ours):
    """Ids of the same form that nobody has."""
    return {name: f"{value[:5]}0nknown" for name, value in ours.items()}


def counted(project):
    """Rows per table and the newest change of each, as the project's own."""
    tables = connection.introspection.table_names()
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            columns = {
                column.name
                for column in connection.introspection.get_table_description(cursor, table)
            }
            if "project_id" in columns and table != "core_apikey":
                newest = "max(updated_at)" if "updated_at" in columns else "NULL"
                cursor.execute(
                    f'SELECT count(*), {newest} FROM "{table}" WHERE project_id = %s',
                    [project.pk],
                )
                found[table] = cursor.fetchone()
    return found


def anonymous(answer, values):
    """The answer without what differs between any two calls."""
    text = answer.content.decode()
    for value in sorted(values.values(), key=len, reverse=True):
        text = text.replace(value, "ID")
    text = re.sub(
        r"\b(v-[0-9a-f]{18}|track_[^\"]+|[a-z]+_[0-9a-zA-Z]{16,}|0nknown|[\w-]+:[\w-]{6}:[\w-]+)",
        "",
        text,
    )
    return answer.status_code, re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "AT", text)


def test_every_parameter_is_known():
    """A new name must be given an object of ours, or a reason why it names none."""
    objects = {
        "customer_id", "product_id", "sku_id", "order_id", "category_id", "campaign_id",
        "code", "redemption_id", "action_id", "collection_id", "segment_id", "budget_id",
        "calendar_id", "rule_id", "assignment_id", "tier_id", "stack_id", "event_id",
        "export_id",
    }  # fmt: skip
    walked = [route for route in [*SERVER, *CLIENT] if str(route) not in SIGNED]

    assert {name for route in walked for name in route.parameters} == objects | set(NO_OBJECTS)
    assert {str(route) for route in SERVER} >= SIGNED


@pytest.mark.requirement(174, 175)
@pytest.mark.django_db
@pytest.mark.parametrize("part", ["/v1", "/client/v1"])
def test_an_address_of_another_project_is_an_unknown_address(
    part, ours, unknown, project, other_project, other_api
):
    """Foreign ids get the very answer of unknown ids, no list shows a row, nothing is changed."""
    caller = other_api if part == "/v1" else ApiClient(client_headers(other_project))
    before, problems = counted(project), []
    walked = [route for route in routes.every(part) if str(route) not in SIGNED]
    for route in walked:
        for data in ({}, None):
            foreign = caller.call(route.method, route.filled({**NO_OBJECTS, **ours}), data)
            missing = caller.call(route.method, route.filled({**NO_OBJECTS, **unknown}), data)
            if route.parameters and anonymous(foreign, ours) != anonymous(missing, unknown):
                problems.append((str(route), foreign.content, missing.content))
            text = foreign.content.decode()
            if not route.parameters and any(value in text for value in ours.values()):
                problems.append((str(route), text))
    assert len(walked) > 3
    assert problems == []
    assert counted(project) == before


TIER = {"name": "Theirs", "action": {"discount": {"type": "AMOUNT", "amount_off": 100}}}
CODE = {"type": "DISCOUNT_VOUCHER", "discount": {"type": "AMOUNT", "amount_off": 100}}
CAMPAIGN = {"campaign_type": "DISCOUNT_COUPONS", "name": "Theirs", "voucher": CODE}


def item(**named):
    return {"quantity": 1, "price": 100, "amount": 100, **named}


def redeemable(ids):
    return {"redeemables": [{"object": "voucher", "id": ids["code"]}]}


# What names an object of ours in the body, by route; told apart by the words after the route.
BODIES = {
    "POST /v1/orders customer": lambda ids: {"customer": {"id": ids["customer_id"]}, "amount": 100},
    "POST /v1/orders referrer": lambda ids: {"referrer": {"id": ids["customer_id"]}, "amount": 100},
    "POST /v1/orders product": lambda ids: {"items": [item(product_id=ids["product_id"])]},
    "POST /v1/orders sku": lambda ids: {"items": [item(sku_id=ids["sku_id"])]},
    "POST /v1/publications voucher": lambda ids: {
        "voucher": ids["code"],
        "customer": {"source_id": "theirs"},
    },
    "POST /v1/publications campaign": lambda ids: {
        "campaign": {"id": ids["campaign_id"]},
        "customer": {"source_id": "theirs"},
    },
    "POST /v1/publications customer": lambda ids: {
        "voucher": "THEIR-CODE",
        "customer": {"id": ids["customer_id"]},
    },
    "POST /v1/validations voucher": lambda ids: {**redeemable(ids), "order": {"amount": 100}},
    "POST /v1/validations order": lambda ids: {
        "redeemables": [{"object": "voucher", "id": "THEIR-CODE"}],
        "order": {"id": ids["order_id"]},
    },
    "POST /v1/redemptions voucher": lambda ids: {**redeemable(ids), "order": {"amount": 100}},
    "POST /v1/redemptions customer": lambda ids: {
        "redeemables": [{"object": "voucher", "id": "THEIR-CODE"}],
        "customer": {"id": ids["customer_id"]},
        "order": {"amount": 1000},
    },
    "POST /v1/redemptions order": lambda ids: {
        "redeemables": [{"object": "voucher", "id": "THEIR-CODE"}],
        "order": {"id": ids["order_id"], "amount": 1000},
    },
    "POST /client/v1/redemptions voucher": redeemable,
    "POST /client/v1/validations voucher": redeemable,
    "POST /v1/vouchers campaign": lambda ids: {**CODE, "campaign_id": ids["campaign_id"]},
    "POST /v1/vouchers category": lambda ids: {**CODE, "category_id": ids["category_id"]},
    "POST /v1/vouchers import": lambda ids: {**CODE, "code": ids["code"]},
    "POST /v1/campaigns category": lambda ids: {**CAMPAIGN, "category_id": ids["category_id"]},
    "POST /v1/campaigns budget": lambda ids: {**CAMPAIGN, "budget_id": ids["budget_id"]},
    "POST /v1/campaigns holidays": lambda ids: {
        **CAMPAIGN,
        "holidays": {"calendar_id": ids["calendar_id"]},
    },
    "POST /v1/vouchers rule": lambda ids: {**CODE, "validation_rules": [ids["rule_id"]]},
    "POST /v1/validation-rules segment": lambda ids: {
        "name": "Theirs",
        "rules": {"1": {"name": "customer.segment", "conditions": {"$is": [ids["segment_id"]]}}},
    },
    "POST /v1/campaigns rule": lambda ids: {**CAMPAIGN, "validation_rules": [ids["rule_id"]]},
    "POST /v1/campaigns tier_category": lambda ids: {
        "campaign_type": "PROMOTION",
        "name": "Theirs",
        "promotion": {"tiers": [{**TIER, "category_id": ids["category_id"]}]},
    },
    "POST /v1/campaigns tier_rule": lambda ids: {
        "campaign_type": "PROMOTION",
        "name": "Theirs",
        "promotion": {"tiers": [{**TIER, "validation_rules": [ids["rule_id"]]}]},
    },
    "POST /v1/vouchers/qualification customer": lambda ids: {
        "customer": {"id": ids["customer_id"]},
        "order": {"amount": 100},
    },
    "POST /v1/vouchers/bulk/async code": lambda ids: [
        {"code": ids["code"], "metadata": {"mine": True}}
    ],
    "POST /v1/vouchers/metadata/async code": lambda ids: {
        "codes": [ids["code"]],
        "metadata": {"mine": True},
    },
    "POST /v1/product-collections product": lambda ids: {
        "type": "STATIC",
        "name": "Theirs",
        "products": [{"object": "product", "id": ids["product_id"]}],
    },
    "POST /v1/product-collections sku": lambda ids: {
        "type": "STATIC",
        "name": "Theirs",
        "products": [{"object": "sku", "id": ids["sku_id"]}],
    },
    "POST /v1/segments customer": lambda ids: {
        "type": "static",
        "name": "Theirs",
        "customers": [ids["customer_id"]],
    },
    "POST /v1/customers id": lambda ids: {"id": ids["customer_id"], "name": "Mallory"},
    "POST /v1/products id": lambda ids: {"id": ids["product_id"], "name": "Fake beans"},
}


@pytest.mark.requirement(174, 175)
@pytest.mark.django_db
@pytest.mark.parametrize("named", BODIES)
def test_an_id_of_another_project_in_a_body_is_an_unknown_id(
    named, ours, unknown, project, other_project, other_api, work
):
    """The two answers are the same, and after the work of the background nothing of ours moved."""
    method, path, _ = named.split(" ")
    assert f"{method} {path}" in {str(route) for route in routes.every()}
    client = path.startswith("/client/")
    caller = ApiClient(client_headers(other_project)) if client else other_api
    assert other_api.post("/v1/vouchers/THEIR-CODE", CODE).status_code == 200
    work()
    before = counted(project)

    foreign, missing = (caller.call(method, path, BODIES[named](ids)) for ids in (ours, unknown))
    work()

    assert anonymous(foreign, ours) == anonymous(missing, unknown)
    assert counted(project) == before
