"""Validation with `auto`: additions never harm what the request names."""

import pytest

from tests.factories.promotion import PromotionFactory, PromotionStackFactory, PromotionTierFactory
from tests.redemptions.api.test_best_use import ORDER, api_rules


def tier(amount):
    discount = {"type": "AMOUNT", "amount_off": amount}
    return PromotionTierFactory(
        definition__data={"type": "PROMOTION_TIER", "discount": discount}
    ).public_id


def validated(api, *names, kind="voucher", auto=True):
    named = [{"object": kind, "id": name} for name in names]
    response = api.post("/v1/validations", {"auto": auto, "order": ORDER, "redeemables": named})
    assert response.status_code == 200, response.content.decode()
    return response.json()


def used(body):
    return [one["id"] for one in body["redeemables"]]


def test_what_saves_more_is_added_to_what_is_named(api, code, in_project):
    code("FIVE")
    added = tier(700)

    body = validated(api, "FIVE")

    assert (body["valid"], used(body)) == (True, ["FIVE", added])
    assert body["order"]["total_amount"] == 2800


def test_the_best_addition_that_has_room_beside_a_named_code_is_taken(api, code, in_project):
    code("FIVE", {"type": "AMOUNT", "amount_off": 100})
    better, best = tier(700), tier(900)
    api_rules(in_project, 2)

    body = validated(api, "FIVE")

    assert used(body) == ["FIVE", best]
    assert [one["id"] for one in body["left_out"]] == [better]


@pytest.mark.parametrize("number", [12, 13])
def test_beside_twelve_named_codes_nothing_is_tried(api, code, in_project, number):
    api_rules(in_project, 20)
    names = [f"C{n}" for n in range(number)]
    for name in names:
        code(name, {"type": "AMOUNT", "amount_off": 10})
    tier(700)

    body = validated(api, *names)

    assert (body["valid"], used(body), body["left_out"]) == (True, names, [])


def test_a_code_by_its_id_or_in_other_letters_is_not_added_again(api, code, in_project):
    in_project.case_sensitive_codes = False
    in_project.save()
    voucher = code("FIVE")

    assert used(validated(api, voucher.public_id)) == [voucher.public_id]
    typed = validated(api, "five")
    assert (typed["valid"], used(typed), typed["left_out"]) == (True, ["five"], [])


def test_a_stack_is_validated_alone(api, code, in_project):
    promotion = PromotionFactory()
    tiers = [PromotionTierFactory(campaign=promotion) for _ in range(2)]
    stack = PromotionStackFactory(campaign=promotion, tiers=tiers)
    code("FIVE")

    body = validated(api, stack.public_id, kind="promotion_stack")

    assert (body["valid"], used(body)) == (True, [tier.public_id for tier in tiers])
    assert body["left_out"] == []


def test_a_named_code_stays_where_there_is_room_for_one(api, code, in_project):
    code("FIVE")
    larger = tier(900)
    api_rules(in_project, 1)

    body = validated(api, "FIVE")

    assert (body["valid"], used(body)) == (True, ["FIVE"])
    assert body["order"]["total_amount"] == 3500
    assert [one["id"] for one in body["left_out"]] == [larger]


def test_a_wrong_request_is_refused_as_without_auto(api, code, in_project):
    code("FIVE")
    named = [{"object": "voucher", "id": name} for name in ("FIVE", "FIVE")]

    response = api.post("/v1/validations", {"auto": True, "order": ORDER, "redeemables": named})

    assert (response.status_code, response.json()["key"]) == (400, "duplicated_redeemables")


def test_a_session_keeps_what_it_holds_when_it_asks_again(api, code, in_project):
    """Of a code for one use, named or not, the session that holds it has it still."""
    code("ONCE", limit=1)
    body = {
        "auto": True,
        "order": ORDER,
        "redeemables": [{"object": "voucher", "id": "ONCE"}],
        "session": {"type": "LOCK", "key": "cart-1"},
    }
    added = tier(700)

    answers = [api.post("/v1/validations", body).json() for _ in range(2)]

    assert [(each["valid"], used(each)) for each in answers] == [(True, ["ONCE", added])] * 2
    assert api.post("/v1/validations", {**body, "session": None}).json()["valid"] is False
