"""Each published request example is accepted, and our answer fits the published schema."""

import json

import pytest

from tests.contract import later, published
from tests.contract.world import World

EXAMPLES = published.request_examples()
pytestmark = pytest.mark.django_db


def send(api, world, example):
    if example.media == "application/x-www-form-urlencoded":
        return api.form(example.path, _form(api, example.value))
    code = ""
    if example.path == "/v1/vouchers/{code}" and example.method == "POST":
        code = "A-NEW-CODE"
    elif example.path.endswith("/vouchers/{code}") and example.method == "POST":
        code = "ANOTHER-NEW-CODE"
    elif example.path == "/v1/vouchers/{code}" and "discount" in example.value:
        code = world.voucher_like(example.value["discount"])
    body = world.body(example.value)
    if "/rollback" in example.path:
        body = world.rollback_body(example.value)
    return api.call(example.method, world.path(example.path, code=code), body)


def _form(api, value):
    if "access_token" not in value:
        return value
    granted = api.form("/v1/oauth/token", {"grant_type": "client_credentials", "scope": "api"})
    return {**value, "access_token": granted.json()["access_token"]}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.id)
def test_accepts_the_published_example(example, api, work):
    world = World.build(api, work)

    answer = send(api, world, example)

    if example.key in later.REQUESTS:
        assert 400 <= answer.status_code < 500, "works now: take it off the table"
        assert answer.json()["key"]
        return
    assert 200 <= answer.status_code < 300, answer.content.decode()
    if answer.content:
        where = (example.resource, example.method, example.path, answer.status_code)
        assert published.errors(*where, json.loads(answer.content)) == []


def test_the_table_names_published_examples_only():
    known = {example.key for example in EXAMPLES}

    assert not EXAMPLES or set(later.REQUESTS) <= known
