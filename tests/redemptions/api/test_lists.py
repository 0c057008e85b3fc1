"""Reading redemptions and rollbacks: one, many, of a code, of a customer."""

import pytest

from tests.factories.customer import CustomerFactory
from tests.factories.publication import PublicationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def history(api, code, redeemed, campaign):
    """Two redemptions of FIVE, one of them taken back, and a refused try."""
    code("FIVE", limit=2, campaign=campaign)
    first = redeemed("FIVE", customer={"source_id": "ada"})["redemptions"][0]["id"]
    second = redeemed("FIVE")["redemptions"][0]["id"]
    wanted = [{"object": "voucher", "id": "FIVE"}]
    failed = api.post("/v1/redemptions", {"redeemables": wanted}).json()["resource_id"]
    rollback = api.post(f"/v1/redemptions/{first}/rollback").json()["id"]
    return {"first": first, "second": second, "failed": failed, "rollback": rollback}


def ids(body, ref="redemptions"):
    return [one["id"] for one in body[ref]]


def test_lists_redemptions_and_rollbacks_newest_first(api, history, parsed):
    body = parsed("RedemptionsListResponseBody", api.get("/v1/redemptions"))

    assert (body["object"], body["data_ref"], body["total"]) == ("list", "redemptions", 4)
    assert ids(body) == [history[name] for name in ("rollback", "failed", "second", "first")]
    assert [one["object"] for one in body["redemptions"]] == [
        "redemption_rollback",
        "redemption",
        "redemption",
        "redemption",
    ]
    assert body["redemptions"][3]["status"] == "ROLLED_BACK"
    assert (
        body["redemptions"][3]["related_redemptions"]["rollbacks"][0]["id"] == (history["rollback"])
    )
    assert set(body["redemptions"][2]["voucher"]) == {
        "id",
        "code",
        "campaign",
        "campaign_id",
        "object",
    }


@pytest.mark.parametrize(
    ("params", "names"),
    [
        ({"result": "FAILURE"}, ["failed"]),
        ({"result": ["FAILURE", "SUCCESS"]}, ["rollback", "failed", "second", "first"]),
        ({"customer": "ada"}, ["rollback", "first"]),
        ({"campaign": "Spring sale"}, ["rollback", "failed", "second", "first"]),
        ({"campaign": "None"}, []),
        ({"limit": 2, "page": 2}, ["second", "first"]),
        ({"limit": 3, "page": 2}, ["first"]),
        ({"order": "created_at", "limit": 2}, ["first", "second"]),
        ({"filters[object][conditions][$is][0]": "redemption_rollback"}, ["rollback"]),
        (
            {"filters[object][conditions][$is_not][0]": "redemption_rollback", "limit": 1},
            ["failed"],
        ),
        ({"filters[failure_code][conditions][$is][0]": "quantity_exceeded"}, ["failed"]),
        ({"filters[voucher_code][conditions][$in]": "['FIVE']", "result": "FAILURE"}, ["failed"]),
        ({"created_at[before]": "2020-01-01"}, []),
    ],
)
def test_narrows_and_sorts(api, history, params, names):
    body = api.get("/v1/redemptions", params).json()

    assert ids(body) == [history[name] for name in names]


@pytest.mark.parametrize(
    "params",
    [
        {"page": 100},
        {"limit": 101},
        {"order": "amount"},
        {"result": "MAYBE"},
        {"filters[nonsense][conditions][$is]": "x"},
    ],
)
def test_refuses_parameters_that_it_does_not_know(api, in_project, params):
    response = api.get("/v1/redemptions", params)

    assert (response.status_code, response.json()["key"]) == (400, "invalid_query_params")


def test_reads_a_page_in_few_queries(api, history, django_assert_max_num_queries):
    with django_assert_max_num_queries(13):
        api.get("/v1/redemptions")


def test_gets_a_redemption_a_refused_try_and_a_rollback(api, history, parsed):
    first = parsed("RedemptionsGetResponseBody", api.get(f"/v1/redemptions/{history['first']}"))
    failed = parsed("RedemptionsGetResponseBody", api.get(f"/v1/redemptions/{history['failed']}"))
    rollback = api.get(f"/v1/redemptions/{history['rollback']}").json()

    assert (first["status"], first["order"]["total_amount"]) == ("ROLLED_BACK", 1500)
    assert (failed["result"], failed["failure_code"]) == ("FAILURE", "quantity_exceeded")
    assert failed["failure_message"] == "quantity exceeded"
    assert failed["order"] is None
    assert rollback["redemption"] == history["first"]
    assert api.get("/v1/redemptions/r_0").status_code == 404


def test_lists_the_redemptions_of_a_code(api, history, parsed):
    response = api.get("/v1/vouchers/FIVE/redemption")

    body = parsed("VouchersRedemptionGetResponseBody", response)
    assert body["data_ref"] == "redemption_entries"
    assert body["url"] == "/v1/vouchers/FIVE/redemptions?page=1&limit=10"
    assert (body["quantity"], body["redeemed_quantity"], body["total"]) == (2, 1, 4)
    assert ids(body, "redemption_entries")[0] == history["rollback"]
    assert api.get(body["url"]).json() == body
    assert api.get("/v1/vouchers/NONE/redemption").status_code == 404


@pytest.mark.requirement(174)
def test_sees_nothing_of_another_project(other_api, history):
    assert other_api.get("/v1/redemptions").json()["total"] == 0
    assert other_api.get("/v1/orders").json()["total"] == 0
    assert other_api.get("/v1/vouchers/FIVE/redemption").status_code == 404
    assert other_api.get(f"/v1/redemptions/{history['first']}").status_code == 404


def test_lists_what_a_customer_holds(api, code, campaign, parsed):
    ada = CustomerFactory(source_id="ada")
    vouchers = [code(name, limit=1, campaign=campaign, holder=ada) for name in ("A", "B", "C")]
    code("OTHER")
    publication = PublicationFactory(voucher=vouchers[2], customer=ada)

    body = parsed(
        "CustomersRedeemablesListResponseBody",
        api.get("/v1/customers/ada/redeemables", {"limit": 2}),
    )

    assert (body["data_ref"], body["total"], body["has_more"]) == ("data", 3, True)
    assert [one["redeemable"]["voucher"]["code"] for one in body["data"]] == ["C", "B"]
    first = body["data"][0]
    assert first["id"] == "rh_" + vouchers[2].public_id[2:]
    assert first["created_at"] == publication.created_at.isoformat(timespec="milliseconds").replace(
        "+00:00", "Z"
    )
    assert (first["customer_id"], first["holder_role"]) == (ada.public_id, "OWNER")
    assert (first["campaign_id"], first["campaign_type"]) == (
        campaign.public_id,
        "DISCOUNT_COUPONS",
    )
    assert first["redeemable"]["status"] == "ACTIVE"

    rest = api.get(
        "/v1/customers/ada/redeemables", {"starting_after_id": body["more_starting_after"]}
    ).json()
    assert [one["redeemable"]["voucher"]["code"] for one in rest["data"]] == ["A"]
    assert rest["has_more"] is False


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"active": False}, "DISABLED"),
        ({"limit": 1, "redeemed_count": 1}, "USED"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "EXPIRED"),
        ({"starts_at": "2120-01-01T00:00:00Z"}, "NOT_ACTIVE_YET"),
    ],
)
def test_says_what_state_a_held_code_is_in(api, code, values, status):
    code("A", holder=CustomerFactory(source_id="ada"), **values)

    body = api.get("/v1/customers/ada/redeemables").json()

    assert body["data"][0]["redeemable"]["status"] == status


def test_an_unknown_customer_holds_nothing_and_is_not_found(api, in_project):
    assert api.get("/v1/customers/nobody/redeemables").status_code == 404
