"""Each published request example is accepted, and our answer fits the published schema."""

import json
from itertools import groupby

import pytest

from tests.contract import later, published
from tests.contract.world import World

EXAMPLES = published.request_examples()
OPERATIONS = [
    (operation, list(examples))
    for operation, examples in groupby(EXAMPLES, key=lambda example: example.key[0])
]
pytestmark = pytest.mark.django_db


def send(api, world, example, place):
    if example.media == "application/x-www-form-urlencoded":
        return api.form(example.path, _form(api, example.value))
    code = ""
    if example.path.endswith("/vouchers/{code}") and example.method == "POST":
        code = f"A-NEW-CODE-{place}"
    elif example.path == "/v1/vouchers/{code}" and "discount" in example.value:
        code = world.voucher_like(example.value["discount"])
    if _is_about_cards(example):
        code = code or world.card()
    path = world.path(example.path, code=code)
    if example.path == "/v1/campaigns/{campaignId}/transactions/export":
        path = example.path.replace("{campaignId}", world.card_campaign())
    if "/rollback" in example.path:
        return api.call(example.method, path, world.rollback_body(example.value, path))
    return api.call(example.method, path, world.body(example.value))


def _is_about_cards(example):
    """A gift card where the example speaks of one, other codes elsewhere."""
    balance = example.path.endswith(("/balance", "/transactions/export"))
    return balance or (isinstance(example.value, dict) and "gift" in example.value)


def _form(api, value):
    if "access_token" not in value:
        return value
    granted = api.form("/v1/oauth/token", {"grant_type": "client_credentials", "scope": "api"})
    return {**value, "access_token": granted.json()["access_token"]}


def complaints(example, answer):
    """What is wrong with the answer; empty for a good one."""
    if example.key in later.REQUESTS:
        refused = 400 <= answer.status_code < 500 and answer.json()["key"]
        return [] if refused else [f"{answer.status_code}: works now: take it off the table"]
    if not 200 <= answer.status_code < 300:
        return [answer.content.decode()]
    if not answer.content:
        return []
    where = (example.resource, example.method, example.path, answer.status_code)
    return published.errors(*where, json.loads(answer.content))


@pytest.mark.requirement(191)
@pytest.mark.parametrize(
    "examples", [group for _operation, group in OPERATIONS], ids=[name for name, _ in OPERATIONS]
)
def test_accepts_the_published_examples(examples, api, work, project):
    world = World.build(api, work, project)

    found = {
        example.name: complaints(example, send(api, world, example, place))
        for place, example in enumerate(examples)
    }

    assert {name: said for name, said in found.items() if said} == {}


def test_the_table_names_published_examples_only():
    known = {example.key for example in EXAMPLES}

    assert not EXAMPLES or set(later.REQUESTS) <= known


def test_the_check_sees_a_wrong_answer():
    """A float where an integer is published, as a control."""
    where = ("products", "POST", "/v1/products", 200)

    assert not EXAMPLES or published.errors(*where, {"id": 7, "object": "product"})
