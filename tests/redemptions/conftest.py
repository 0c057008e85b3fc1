"""Codes to use, and the published client's models to read the answers with."""

import json

import pytest
import voucherify

from loyalty_project.core import codes
from tests.factories.campaign import CampaignFactory, DefinitionVersionFactory
from tests.factories.voucher import VoucherFactory

AMOUNT = {"type": "AMOUNT", "amount_off": 500}
PERCENT = {"type": "PERCENT", "percent_off": 10}


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

    def make(name, discount=AMOUNT, *, limit=None, campaign=None, project=in_project, **values):
        definition = DefinitionVersionFactory(
            project=project, data={"type": "DISCOUNT_VOUCHER", "discount": discount}
        )
        return VoucherFactory(
            project=project,
            code=name,
            code_key=codes.normalize(name, case_sensitive=project.case_sensitive_codes),
            definition=definition,
            redemption_limit=limit,
            campaign=campaign,
            **values,
        )

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
