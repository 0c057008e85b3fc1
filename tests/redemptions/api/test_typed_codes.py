"""Codes as people type and paste them, and texts with letters that nobody sees."""

import pytest

from campaigns.models import Voucher
from customers.models import Customer

CODE = {"type": "DISCOUNT_VOUCHER", "discount": {"type": "AMOUNT", "amount_off": 100}}


def made(api, code):
    return api.post("/v1/vouchers", {**CODE, "code": code})


@pytest.mark.parametrize(
    "typed",
    [
        "SAVE-123", " SAVE-123\t", "SAVE-۱۲۳", "SAVE-١٢٣", "ＳＡＶＥ－１２３", "SАVЕ-123",
        "\u202aSAVE-123\u202c\u200b",
    ],
    ids=["as it is", "blanks", "Persian", "Arabic", "full width", "Cyrillic", "pasted marks"],
)  # fmt: skip
def test_a_code_is_found_however_the_keyboard_writes_it(api, typed):
    made(api, "SAVE-123")
    call = {"redeemables": [{"object": "voucher", "id": typed}], "order": {"amount": 1000}}

    valid = api.post("/v1/validations", call).json()
    done = api.post("/v1/redemptions", call)

    assert valid["valid"] is True
    assert (done.status_code, done.json()["order"]["total_amount"]) == (200, 900)
    assert api.get(f"/v1/vouchers/{typed.strip()}").json()["code"] == "SAVE-123"


def test_a_code_that_looks_like_another_is_a_duplicate(api, in_project):
    made(api, "SAVE-123")

    answers = [made(api, code) for code in ("SАVE-123", "SAVE-۱۲۳", "ＳAVE-123")]

    assert [answer.status_code for answer in answers] == [409] * 3
    assert {answer.json()["key"] for answer in answers} == {"duplicate_found"}
    assert list(Voucher.objects.values_list("code", flat=True)) == ["SAVE-123"]


@pytest.mark.parametrize(
    "letter", ["\u202e", "\u200b", "\u200f", "\ufeff", "\u00ad", "\x07", "\u2028"]
)
def test_no_code_is_made_with_a_letter_that_nobody_sees(api, in_project, letter):
    refused = made(api, f"SAVE{letter}10")

    assert refused.status_code == 400
    assert refused.json()["details"] == (
        "Property .code must not contain control or invisible characters"
    )
    config = {"pattern": f"A{letter}###"}
    campaign = {"name": "X", "campaign_type": "DISCOUNT_COUPONS", "vouchers_count": 1}
    body = {**campaign, "voucher": {**CODE, "code_config": config}}
    assert api.post("/v1/campaigns", body).json()["key"] == "invalid_code_config"
    assert not Voucher.objects.exists()


def test_a_name_keeps_its_letters_and_takes_no_nul(api, in_project):
    name = "می\u200cخواهم \u202eevil\u202c"

    kept = api.post("/v1/customers", {"source_id": "a", "name": name})
    refused = api.post("/v1/customers", {"source_id": "b", "name": "A\x00da"})

    assert kept.json()["name"] == name
    assert (refused.status_code, refused.json()["details"]) == (
        400,
        "Texts must not contain NUL or lone surrogates",
    )
    assert [customer.source_id for customer in Customer.objects.all()] == ["a"]
