"""Guessing codes: whoever names too many unknown ones waits, and learns nothing by it."""

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from redemptions.services import guessing
from tests.client import ApiClient
from tests.factories.api_key import client_headers, server_headers

_SAVEPOINT = re.compile(r"\"s\d+_x\d+\"")


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


def asking(code):
    return {"redeemables": [{"object": "voucher", "id": code}], "order": {"amount": 900}}


def caller(headers, ip):
    api = ApiClient(headers)
    api.http.defaults["REMOTE_ADDR"] = ip
    return api


def guesses(api, count, *, path="/client/v1/validations"):
    """The statuses of `count` guesses."""
    return {api.post(path, asking(f"GUESS{number}")).status_code for number in range(count)}


@pytest.mark.requirement(198)
def test_a_guesser_waits_and_neither_other_keys_nor_other_addresses_do(project, set_clock, at):
    set_clock(at)
    key, other_key = client_headers(project), client_headers(project)
    guesser = caller(key, "198.51.100.7")

    assert guesses(guesser, guessing.CLIENT_LIMIT) == {200}

    assert guesses(guesser, 2) == {429}
    assert guesses(caller(other_key, "198.51.100.7"), 1) == {200}
    assert guesses(caller(key, "198.51.100.8"), 1) == {200}
    assert guesses(caller(key, "::ffff:198.51.100.7"), 1) == {429}


@pytest.mark.requirement(198)
def test_a_household_of_ipv6_is_one_address(project, set_clock, at):
    set_clock(at)
    key = client_headers(project)
    for number in range(guessing.CLIENT_LIMIT):
        assert guesses(caller(key, f"2001:db8:0:7::{number:x}"), 1) == {200}

    assert guesses(caller(key, "2001:db8:0:7:ffff::1"), 1) == {429}
    assert guesses(caller(key, "2001:db8:0:8::1"), 1) == {200}


@pytest.mark.requirement(198)
def test_a_shop_behind_its_server_may_ask_more_and_is_stopped_too(project, set_clock, at):
    set_clock(at)
    server = caller(server_headers(project), "198.51.100.7")
    many = {"redeemables": [{"object": "voucher", "id": f"G{n}"} for n in range(30)]}

    for _ in range(guessing.SERVER_LIMIT // 30):
        assert server.post("/v1/validations", many).status_code == 200

    assert server.post("/v1/validations", many).status_code == 429


@pytest.mark.requirement(175, 198)
@pytest.mark.parametrize("path", ["/v1/validations", "/v1/redemptions", "/v1/qualifications"])
def test_unknown_foreign_and_deleted_codes_get_the_same_answer_by_the_same_work(
    path, api, other_project, project, at
):
    other = ApiClient(server_headers(other_project))
    discount = {"type": "AMOUNT", "amount_off": 100}
    body = {"type": "DISCOUNT_VOUCHER", "discount": discount}
    other.post("/v1/vouchers/FOREIGN", body)
    api.post("/v1/vouchers/DELETED", body)
    api.delete("/v1/vouchers/DELETED")
    api.post(path, asking("WARM-UP"))

    answers, works = [], []
    for code in ("UNKNOWN", "FOREIGN", "DELETED"):
        with CaptureQueriesContext(connection) as work:
            answer = api.post(path, asking(code))
        answers.append((answer.status_code, said(answer.json(), code)))
        works.append([_SAVEPOINT.sub("", query["sql"])[:60] for query in work])

    assert answers[0] == answers[1] == answers[2]
    assert works[0] == works[1] == works[2]


def said(value, code):
    """An answer without the code and what is new in every answer."""
    if isinstance(value, dict):
        new = {"request_id", "tracking_id", "id", "resource_id", "created_at", "date"}
        return {name: said(inner, code) for name, inner in value.items() if name not in new}
    if isinstance(value, list):
        return [said(inner, code) for inner in value]
    return value.replace(code, "CODE") if isinstance(value, str) else value
