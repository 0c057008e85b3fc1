"""A discount that was cut down says so: to the shop's servers and to who tries a cart."""

import pytest

from tests.factories.campaign import CampaignFactory
from tests.factories.limit import LimitFactory, MarginFloorFactory
from tests.factories.product import ProductFactory

TRY = "/admin/redemptions/redemption/try/"


@pytest.mark.requirement(81, 89)
def test_a_line_that_was_held_at_its_cost_says_so(api, client_api, staff, code, in_project):
    """Beans of 16.00 cost 10.00; and of the budget 5.00 are left."""
    beans = ProductFactory(source_id="beans", price=1600, cost=1000)
    campaign = CampaignFactory()
    ten = {"type": "AMOUNT", "amount_off": 1000, "effect": "APPLY_TO_ITEMS"}
    code("TEN", ten, campaign=campaign)
    MarginFloorFactory(campaign=campaign, amount=0)
    LimitFactory(campaign=campaign, measure="discount", value=500, overflow="CAP")
    body = {
        "redeemables": [{"object": "voucher", "id": "TEN"}],
        "order": {"items": [{"source_id": "beans", "related_object": "product", "quantity": 1}]},
        "options": {"explain": True},
    }

    found, shopper = (
        http.post(path, body).json()["redeemables"][0]["explain"]
        for http, path in [(api, "/v1/validations"), (client_api, "/client/v1/validations")]
    )

    said = [
        "Line 1: 6.00 EUR instead of 10.00 EUR, not below its cost and margin.",
        "5.00 EUR instead of 6.00 EUR: no more is left of a limit.",
    ]
    assert found["capped"] == [
        {"by": "margin", "index": 0, "wanted": 1000, "given": 600, "sentence": said[0]},
        {"by": "limit", "index": None, "wanted": 600, "given": 500, "sentence": said[1]},
    ]
    assert shopper == {"sentence": "It applies."}
    rows = {
        "items-TOTAL_FORMS": "1",
        "items-INITIAL_FORMS": "0",
        "items-0-quantity": "1",
        "items-0-product": beans.pk,
    }
    page = staff("Marketer").get(TRY, {"metadata": "{}", "codes": "TEN", **rows})
    assert all(each in page.content.decode() for each in said)
