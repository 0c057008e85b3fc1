"""Codes to use, and the published client's models to read the answers with."""

import json
from datetime import UTC, datetime

import pytest
import voucherify

from tests.factories.campaign import CampaignFactory
from tests.redemptions.codes import make_code
from tests.redemptions.sessions import ORDER, lock, wanted


@pytest.fixture
def parsed():
    """`parsed("OrdersGetResponseBody", response)`: the published client accepts the answer."""

    def parse(model, response):
        body = response.json()
        getattr(voucherify, model).from_json(json.dumps(body))
        return body

    return parse


@pytest.fixture
def code(in_project):
    """`code("TEN", {"type": …}, limit=1)`: a code of its own, or one of `campaign`."""

    def make(name, *discount, project=in_project, **values):
        return make_code(project, name, *discount, **values)

    return make


@pytest.fixture
def campaign(in_project):
    return CampaignFactory(project=in_project, name="Spring sale")


@pytest.fixture
def redeemed(api):
    """`redeemed("TEN", 2000)`: the answer to a redemption that went through."""

    def redeem(*names, amount=2000, **more):
        wanted = [{"object": "voucher", "id": name} for name in names]
        body = {"redeemables": wanted, "order": {"amount": amount}, **more}
        response = api.post("/v1/redemptions", body)
        assert response.status_code == 200, response.content.decode()
        return response.json()

    return redeem


@pytest.fixture
def clock(set_clock):
    """`clock(2026, 3, 10, 8)`: it is that instant of UTC for everybody."""
    return lambda *parts: set_clock(datetime(*parts, tzinfo=UTC))


@pytest.fixture
def made(api, work):
    """`made(code="SPRING", …)`: the body of a new campaign, with one public code if it has one."""

    def make(*, code=None, **changes):
        voucher = {"type": "DISCOUNT_VOUCHER", "discount": {"type": "AMOUNT", "amount_off": 1000}}
        kind = "STANDALONE" if code else "AUTO_UPDATE"
        voucher |= {"code": code} if code else {}
        body = {"name": "Spring", "type": kind, "voucher": voucher, **changes}
        answer = api.post("/v1/campaigns", body)
        assert answer.status_code == 200, answer.content
        work()
        return answer.json()

    return make


@pytest.fixture
def tried(api):
    """`tried("CODE")`: None where a redemption goes through, else the key of the refusal."""

    def redeem(reference, kind="voucher", **more):
        wanted = [{"object": kind, "id": reference}]
        body = {"redeemables": wanted, "order": {"amount": 5000}, **more}
        return api.post("/v1/redemptions", body).json().get("key")

    return redeem


@pytest.fixture
def hold(api):
    """`hold("TEN", key="cart-1")`: the answer to a validation in a session."""

    def validate(*names, key="cart-1", order=ORDER, ttl=None, gift=None, **more):
        session = lock(key, **(ttl or {}))
        body = wanted(*names, **({"gift": gift} if gift else {}))
        answer = api.post("/v1/validations", {**body, "order": order, **session, **more})
        assert answer.status_code == 200, answer.content
        return answer.json()

    return validate


@pytest.fixture
def buy(api):
    """`buy("TEN", key="cart-1")`: the answer to a redemption, in a session if one is named."""

    def redeem(*names, key=None, order=ORDER, **more):
        session = lock(key) if key else {}
        return api.post("/v1/redemptions", {**wanted(*names), "order": order, **session, **more})

    return redeem
