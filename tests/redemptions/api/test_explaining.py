"""`options.explain`: every check and what would help, and to browsers one sentence."""

from datetime import timedelta

import pytest

from campaigns.models import StackingRules, Voucher
from loyalty_project.core import tenancy
from redemptions.models import Redemption
from tests.client import ApiClient
from tests.factories.api_key import server_headers
from tests.factories.campaign import CampaignFactory
from tests.factories.customer import CustomerFactory
from tests.factories.promotion import PromotionFactory, PromotionStackFactory, PromotionTierFactory
from tests.factories.segment import SegmentFactory
from tests.redemptions.codes import make_code
from tests.redemptions.terms import ruled

pytestmark = pytest.mark.django_db
FROM_50 = ("order.amount", {"$more_than_or_equal": [5000]})
CONDITIONS = "The order does not meet the conditions."


def asked(*names, amount=4200, explain=True, **values):
    return {
        "redeemables": [{"object": "voucher", "id": name} for name in names],
        "order": {"amount": amount},
        "options": {"explain": explain},
        **values,
    }


def explained(http, *names, path="/v1/validations", **values):
    """The `explain` members of an answer, by code."""
    body = http.post(path, asked(*names, **values)).json()
    lists = ("redeemables", "skipped_redeemables", "inapplicable_redeemables")
    return {one["id"]: one["explain"] for name in lists for one in body.get(name, ())}


@pytest.mark.requirement(197)
def test_says_how_much_is_missing(api, code, parsed):
    ruled(code("FIFTY"), FROM_50)

    parsed("ValidationsValidateResponseBody", api.post("/v1/validations", asked("FIFTY")))
    found = explained(api, "FIFTY")["FIFTY"]

    assert found["sentence"] == "Not met: the order amount must be at least 50.00 EUR."
    assert found["gap"] == {
        "possible": True,
        "sentence": "Add 8.00 EUR more to the order.",
        "amount": 800,
        "changes": [{"type": "ADD_AMOUNT", "amount": 800}],
    }
    enough = explained(api, "FIFTY", amount=5000)["FIFTY"]
    assert enough["sentence"] == "It applies."
    assert "gap" not in enough


@pytest.mark.requirement(41)
def test_lists_every_check_with_its_fact(api, code):
    rule = ruled(code("FIFTY", limit=5), FROM_50)

    checks = explained(api, "FIFTY")["FIFTY"]["checks"]

    assert [(one["check"], one["holds"]) for one in checks] == [
        ("exists", True), ("enabled", True), ("quantity", True), ("rule", False),
        ("outcome", False),
    ]  # fmt: skip
    assert checks[3] == {
        "check": "rule",
        "fact": "order.amount",
        "operator": "$more_than_or_equal",
        "required": [5000],
        "actual": 4200,
        "holds": False,
        "rule": rule.public_id,
        "number": "1",
        "sentence": "The order amount must be at least 50.00 EUR (now: 42.00 EUR).",
    }


@pytest.mark.requirement(64)
def test_names_the_segment_that_it_is_for_to_servers_alone(api, client_api, code):
    segment = SegmentFactory(name="VIP")
    ruled(code("VIPS"), ("customer.segment", {"$is": [segment.public_id]}))
    CustomerFactory(source_id="ada")

    found = explained(api, "VIPS", customer="ada")["VIPS"]
    shopper = explained(
        client_api, "VIPS", path="/client/v1/validations", customer={"source_id": "ada"}
    )

    assert found["gap"] == {
        "possible": False,
        "sentence": "Impossible for this customer: the customer must be in the segment VIP.",
        "reason": "customer",
        "changes": [],
    }
    assert shopper == {"VIPS": {"sentence": "This code is not for this customer."}}


@pytest.mark.requirement(197)
def test_tells_browsers_what_they_can_do_in_one_sentence(client_api, code):
    ruled(code("FIFTY"), FROM_50)
    ruled(code("RAIN"), ("order.metadata", "weather", {"$is": ["rain"]}))

    def said(name, **values):
        return explained(client_api, name, path="/client/v1/validations", **values)[name]

    assert said("FIFTY") == {"sentence": f"{CONDITIONS} Add 8.00 EUR more to the order."}
    assert said("RAIN") == {"sentence": CONDITIONS}
    assert said("FIFTY", amount=5000) == {"sentence": "It applies."}


@pytest.mark.requirement(198)
@pytest.mark.parametrize("path", ["/v1/validations", "/client/v1/validations"])
def test_a_foreign_code_looks_as_one_that_nobody_has(api, client_api, other_project, path):
    with tenancy.scope(other_project):
        make_code(other_project, "FOREIGN")
    http = client_api if path.startswith("/client") else api

    answers = [explained(http, name, path=path)[name] for name in ("FOREIGN", "NOBODYS")]

    assert answers[0] == answers[1]
    if http is api:
        assert [one["check"] for one in answers[0]["checks"]] == ["exists"]
        assert answers[0]["gap"]["reason"] == "unknown"
    else:
        assert answers[0] == {"sentence": "This code does not exist. Check its spelling."}


def test_explains_nothing_that_was_not_asked_for(api, code):
    code("FIVE")

    for options in ({"explain": False}, {}):
        body = api.post("/v1/validations", asked("FIVE", options=options)).json()
        assert "explain" not in body["redeemables"][0]


@pytest.mark.requirement(253)
def test_says_why_each_was_left_out(api, code, in_project):
    StackingRules.objects.create(applicable_redeemables_limit=1)
    code("FIVE")
    code("SIX")

    found = explained(api, "FIVE", "SIX")

    assert found["FIVE"]["sentence"] == "It applies."
    assert found["SIX"]["sentence"] == "No more than 1 offer can be applied to an order."
    assert found["SIX"]["gap"]["changes"] == [{"type": "LEAVE_OUT", "id": id_of("FIVE")}]
    assert found["SIX"]["gap"]["sentence"] == "Leave out FIVE."


def id_of(code):
    return Voucher.objects.get(code=code).public_id


def test_a_refused_redemption_is_explained_beside_its_error(api, code):
    ruled(code("FIFTY"), FROM_50)

    response = api.post("/v1/redemptions", asked("FIFTY"))

    body = response.json()
    assert (response.status_code, body["key"]) == (400, "order_rules_violated")
    assert body["explanation"] == CONDITIONS
    assert body["explain"]["gap"]["amount"] == 800
    assert Redemption.objects.get().result == "FAILURE"
    assert "explain" not in api.post("/v1/redemptions", asked("FIFTY", explain=False)).json()


def test_what_a_redemption_left_out_is_explained(api, code, in_project):
    StackingRules.objects.create(redeemables_application_mode="PARTIAL")
    ruled(code("FIFTY"), FROM_50)
    code("FIVE")

    found = explained(api, "FIVE", "FIFTY", path="/v1/redemptions")

    assert list(found) == ["FIFTY"]
    assert found["FIFTY"]["gap"]["possible"] is True


def test_what_was_redeemed_says_how_it_was_before(api, code):
    code("FIVE", limit=3)

    (done,) = api.post("/v1/redemptions", asked("FIVE")).json()["redemptions"]

    assert done["explain"]["sentence"] == "It applies."
    checks = {one["check"]: one for one in done["explain"]["checks"]}
    assert (checks["quantity"]["used"], checks["quantity"]["left"]) == (0, 3)


@pytest.mark.requirement(41)
def test_the_older_endpoints_explain_their_one_code_or_tier(api, code):
    tier = PromotionTierFactory()
    ruled(code("FIFTY"), FROM_50)
    ruled(tier, FROM_50)
    body = {"order": {"amount": 4200}, "options": {"explain": True}}
    of_tier = f"/v1/promotions/tiers/{tier.public_id}"

    for path in ("/v1/vouchers/FIFTY/validate", f"{of_tier}/validation"):
        refused = api.post(path, body).json()
        assert (refused["valid"], refused["explain"]["gap"]["amount"]) == (False, 800)
        assert "explain" not in api.post(path, {**body, "options": {}}).json()
    body["order"] = {"amount": 5000}
    paths = ("/v1/vouchers/FIFTY/redemption", f"{of_tier}/redemption")
    found = [api.post(path, body).json() for path in paths]
    found += api.post("/v1/promotions/validation", body).json()["promotions"]
    assert [one["explain"]["sentence"] for one in found] == ["It applies."] * 3
    assert all(one["explain"]["checks"] for one in found)
    (plain,) = api.post("/v1/promotions/validation", {"order": body["order"]}).json()["promotions"]
    assert "explain" not in plain


def test_refuses_an_explain_that_is_no_switch(api, code):
    response = api.post("/v1/validations", asked("FIVE", options={"explain": "loud"}))

    assert response.status_code == 400
    assert "options.explain" in response.json()["details"]


def test_says_amounts_as_the_currency_is_shown(other_project):
    with tenancy.scope(other_project):
        ruled(make_code(other_project, "FIFTY"), ("order.amount", {"$more_than": [5_000_000]}))
    http = ApiClient(server_headers(other_project))

    found = explained(http, "FIFTY", amount=4_000_000)["FIFTY"]

    assert found["sentence"] == "Not met: the order amount must be more than 50,000 IRR."


def test_names_cost_one_query(api, code, django_assert_max_num_queries):
    segment = SegmentFactory(name="VIP")
    campaign = CampaignFactory(name="Spring")
    vips = code("VIPS", campaign=campaign)
    ruled(vips, ("customer.segment", {"$is": [segment.public_id]}), FROM_50)
    api.post("/v1/validations", asked("VIPS"))

    with django_assert_max_num_queries(50) as plain:
        api.post("/v1/validations", asked("VIPS", explain=False))
    with django_assert_max_num_queries(len(plain) + 1):
        api.post("/v1/validations", asked("VIPS"))


@pytest.mark.requirement(41)
def test_an_offer_says_why_it_is_one(api, client_api, code, in_project):
    ruled(code("FIFTY", campaign=CampaignFactory(type="STANDALONE")), FROM_50)
    body = {"order": {"amount": 5000}, "options": {"explain": True}}

    (offer,) = api.post("/v1/qualifications", body).json()["redeemables"]["data"]
    (shown,) = client_api.post("/client/v1/qualifications", body).json()["redeemables"]["data"]
    (plain,) = api.post("/v1/qualifications", {"order": {"amount": 5000}}).json()["redeemables"][
        "data"
    ]

    assert offer["explain"]["sentence"] == "It applies."
    assert offer["explain"]["checks"][-1]["sentence"] == (
        "The order amount must be at least 50.00 EUR (now: 50.00 EUR)."
    )
    assert offer["restrictions"] == ["The order amount must be at least 50.00 EUR."]
    assert shown["explain"] == {"sentence": "It applies."}
    assert "explain" not in plain


def test_the_tiers_of_a_stack_and_the_best_use_are_explained_one_by_one(api, code, in_project):
    promotion = PromotionFactory()
    tiers = [PromotionTierFactory(campaign=promotion) for _ in range(2)]
    PromotionStackFactory(campaign=promotion, tiers=tiers)
    code("FIVE")
    body = {"order": {"amount": 5000}, "options": {"explain": True}}

    found = api.post("/v1/qualifications", {**body, "scenario": "PROMOTION_STACKS"}).json()
    best = api.post(
        "/v1/qualifications",
        {**body, "best": True, "redeemables": [{"object": "voucher", "id": "FIVE"}]},
    ).json()

    (stack,) = found["redeemables"]["data"]
    assert [one["explain"]["sentence"] for one in stack["redeemables"]] == ["It applies."] * 2
    assert best["redeemables"]["data"][0]["explain"]["sentence"] == "It applies."


@pytest.mark.requirement(64, 78)
def test_an_offer_says_its_restrictions_in_the_language_of_the_request(
    api, code, at, set_clock, in_project
):
    set_clock(at)
    begins, ends = at - timedelta(days=1), at + timedelta(days=9)
    ruled(code("FIFTY", starts_at=begins, expires_at=ends), FROM_50)
    body = {"order": {"amount": 5000}, "options": {"language": "fa"}}

    (offer,) = api.post("/v1/qualifications", body).json()["redeemables"]["data"]

    assert offer["restrictions"] == [
        (
            "از 1 مارس 2026 ساعت 13:00 تا 11 مارس 2026 ساعت 13:00 معتبر است (منطقهٔ زمانی "
            "Europe/Berlin)."
        ),
        "مبلغ سفارش باید حداقل 50٫00 EUR باشد.",
    ]
