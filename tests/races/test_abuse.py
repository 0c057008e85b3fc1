"""What people try who want more than is theirs, over the API and at the same moment."""

from itertools import chain

import pytest

from loyalty_project.core import tenancy
from redemptions.models import Redemption
from tests.client import ApiClient
from tests.factories.api_key import server_headers
from tests.factories.campaign import CampaignFactory
from tests.factories.customer import CustomerFactory
from tests.factories.limit import LimitFactory
from tests.factories.segment import SegmentFactory
from tests.redemptions.terms import ruled

pytestmark = pytest.mark.django_db(transaction=True)

ORDER = {"amount": 2000}
URL = "/v1/redemptions"


def wanted(name, order=None, **more):
    redeemable = {"object": "voucher", "id": name}
    return {"redeemables": [redeemable], "order": order or ORDER, **more}


@pytest.fixture
def call(project):
    """`call(body)`: the answer; a key of an `Idempotency-Key` may be named."""

    def send(body, key=""):
        headers = {**server_headers(project), **({"Idempotency-Key": key} if key else {})}
        return ApiClient(headers).post(URL, body)

    return send


def given():
    """How often something was redeemed, and what was taken off in all."""
    done = Redemption.objects.filter(result="SUCCESS")
    return done.count(), sum(done.values_list("applied_amount", flat=True))


@pytest.mark.requirement(254)
def test_a_hundred_at_once_get_what_five_may_have(at_once, code, project, in_project):
    code("FIVE", limit=5)
    headers = server_headers(project)

    def ask():
        client = ApiClient(headers)
        return [client.post(URL, wanted("FIVE")).status_code for _ in range(5)]

    answers = list(chain.from_iterable(at_once([ask] * 20)))

    assert (len(answers), answers.count(200)) == (100, 5)
    assert set(answers) <= {200, 400, 409}  # told to try again
    assert given() == (5, 2500)


@pytest.mark.requirement(254)
def test_the_same_request_sent_again_and_again_is_one(at_once, code, call, in_project):
    code("FIVE", limit=5)

    answers = at_once([lambda: call(wanted("FIVE"), key="till-1")] * 6)
    answers += [call(wanted("FIVE"), key="till-1") for _ in range(2)]
    other = call(wanted("FIVE", {"amount": 9000}), key="till-1")

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["redemptions"][0]["id"] for answer in answers}) == 1
    assert (other.status_code, other.json()["key"]) == (400, "idempotency_key_reuse")
    assert given() == (1, 500)


@pytest.mark.requirement(254)
def test_discounts_and_totals_that_a_cart_claims_are_not_believed(code, call, in_project):
    """Goods and their prices are the word of the shop; what comes off them is ours alone."""
    code("TEN", discount={"type": "PERCENT", "percent_off": 10})
    code("FIVE")
    line = {"product_id": "prod_beans", "quantity": 2, "price": 2000}
    claims = {
        "discount_amount": 3000,
        "total_discount_amount": 3000,
        "applied_discount_amount": 3000,
        "total_amount": 1,
    }
    tampered = {**claims, "items": [{**line, "discount_amount": 3000, "subtotal_amount": 1}]}

    order = call(wanted("TEN", tampered)).json()["order"]
    small = call(wanted("FIVE", {"amount": 100, "total_amount": -400})).json()["order"]

    sums = ("amount", "total_discount_amount", "total_amount")
    assert [order[name] for name in sums] == [4000, 400, 3600]
    assert [small[name] for name in sums] == [100, 100, 0]
    assert given() == (2, 500)


@pytest.mark.requirement(254)
def test_a_customer_of_another_project_opens_no_door(code, call, project, other_project):
    with tenancy.scope(other_project):
        stranger = CustomerFactory()
    with tenancy.scope(project):
        campaign = CampaignFactory()
        loyal = SegmentFactory(customers=[CustomerFactory(source_id="ada")])
        ruled(campaign, ("customer.segment", {"$is": [loyal.public_id]}))
        LimitFactory(campaign=campaign, per_customer=True, value=1)
        code("FIVE", campaign=campaign)
        assert call(wanted("FIVE", customer={"source_id": "ada"})).status_code == 200

        for whose in (
            {"id": stranger.public_id},
            {"source_id": stranger.source_id},
            {"source_id": "ada"},
            {"source_id": " ada"},
        ):
            assert call(wanted("FIVE", customer=whose)).status_code in {400, 404}

        assert given() == (1, 500)
    with tenancy.scope(other_project):
        assert not Redemption.objects.exists()


@pytest.mark.requirement(254)
@pytest.mark.parametrize(
    "order",
    [
        {"items": [{"product_id": "prod_a", "quantity": -2, "price": 2000}]},
        {"items": [{"product_id": "prod_a", "quantity": 2, "price": -2000}]},
        {"items": [{"product_id": "prod_a", "quantity": 1.5, "price": 2000}]},
        {"items": [{"product_id": "prod_a", "quantity": 10**19, "price": 2000}]},
        {"amount": -2000},
    ],
)
def test_negative_and_impossible_numbers_are_refused(code, call, in_project, order):
    code("FIVE", limit=5)

    assert call(wanted("FIVE", order)).status_code == 400
    assert given() == (0, 0)
    assert not Redemption.objects.exists()


@pytest.mark.requirement(330)
def test_a_burst_on_one_hot_code_ends_at_its_limit_and_in_no_error(
    at_once, code, project, in_project
):
    """One who buys and then ten; `python -m tests.benchmarks burst` does so for a minute."""
    campaign = CampaignFactory()
    LimitFactory(campaign=campaign, value=40)
    code("HOT", campaign=campaign, limit=40)
    headers = server_headers(project)

    def shop(times):
        client = ApiClient(headers)
        return [bought(client) for _ in range(times)]

    def bought(client):
        """As a good client does it: who is told to try again tries again."""
        while (status := client.post(URL, wanted("HOT")).status_code) == 409:
            continue
        return status

    calm = shop(5)
    answers = list(chain.from_iterable(at_once([lambda: shop(5)] * 10)))

    assert calm == [200] * 5
    assert (answers.count(200), answers.count(400), len(answers)) == (35, 15, 50)
    assert given() == (40, 20_000)
