"""Codes to use, and the published client's models to read the answers with."""

import json

import pytest
import voucherify

from tests.factories.campaign import CampaignFactory
from tests.redemptions.codes import make_code


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
