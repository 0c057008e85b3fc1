"""`/v1/vouchers/import` and its relatives over HTTP."""

import pytest

from campaigns.models import Voucher
from loyalty_project.core.models import AsyncAction, OutboxEvent
from tests.factories.voucher import VoucherFactory

pytestmark = pytest.mark.usefixtures("in_project")
HEADER = (
    "Code,Voucher Type,Value,Discount Type,Category,Active,Start date,Expiration date,"
    "Redeemed quantity,Redemption limit,Additional info,Season\n"
)


def report(api, answer):
    assert answer.status_code == 202
    return api.get(f"/v1/async-actions/{answer.json()['async_action_id']}").json()


def test_imports_codes_of_their_own(api, work):
    rows = [
        {
            "code": "A",
            "type": "DISCOUNT_VOUCHER",
            "discount": {"type": "AMOUNT", "amount_off": 3000},
            "start_date": "2020-12-01T23:00:00Z",
            "redemption": {"quantity": 1},
            "metadata": {"unit": "EUR"},
        },
        {"code": "B", "type": "GIFT_VOUCHER", "gift": {"amount": 10000}},
        {"code": "C", "type": "LOYALTY_CARD", "loyalty_card": {"points": 100}},
    ]

    answer = api.post("/v1/vouchers/import?webhooks_enable=true", rows)
    work()

    done = report(api, answer)
    assert done["type"] == "VOUCHERS.IMPORT"
    assert done["result"]["failed"] == [
        {
            "code": "C",
            "row": 3,
            "reason": (
                "Property .type LOYALTY_CARD is not available: loyalty programs are not supported"
                " yet"
            ),
        }
    ]
    voucher = api.get("/v1/vouchers/A").json()
    assert voucher["discount"] == {"type": "AMOUNT", "amount_off": 3000}
    assert voucher["start_date"] == "2020-12-01T23:00:00.000Z"
    assert api.get("/v1/vouchers/B").json()["gift"]["balance"] == 10_000
    assert OutboxEvent.objects.filter(type="voucher.created").count() == 2


def test_names_the_wrong_row_before_anything_is_started(api):
    answer = api.post("/v1/vouchers/import", [{"code": "A", "redemption": {"quantity": "x"}}])

    assert answer.json()["details"] == "Property [0].redemption.quantity must be integer"
    assert not AsyncAction.objects.exists()


def test_reads_amounts_of_a_csv_file_in_major_units(api, work):
    text = HEADER + (
        "TEN,DISCOUNT_VOUCHER,10,AMOUNT,Tea,TRUE,2020-01-01T00:00:00Z,,3,5,hello,Fall\n"
        "PCT,DISCOUNT_VOUCHER,12.5,PERCENT,,FALSE,,,,,,\n"
        "FIX,DISCOUNT_VOUCHER,9.90,FIXED,,,,,,,,\n"
        "BAD,DISCOUNT_VOUCHER,9.999,AMOUNT,,,,,,,,\n"
        "USED,DISCOUNT_VOUCHER,1,AMOUNT,,,,,6,5,,\n"
        ",DISCOUNT_VOUCHER,1,AMOUNT,,,,,,,,\n"
        "CARD,GIFT_VOUCHER,100,AMOUNT,,,,,,,,\n"
    )

    answer = api.upload("/v1/vouchers/importCSV", text)
    work()

    done = report(api, answer)
    reasons = {row["code"]: row["reason"] for row in done["result"]["failed"]}
    assert reasons == {
        "BAD": "'9.999' has more than 2 decimals",
        "USED": "Redeemed quantity is above the redemption limit",
        "": "Column 'Code' must not be empty",
    }
    ten = api.get("/v1/vouchers/TEN").json()
    assert ten["discount"] == {"type": "AMOUNT", "amount_off": 1000}
    assert (ten["redemption"]["quantity"], ten["redemption"]["redeemed_quantity"]) == (5, 3)
    assert (ten["category"], ten["additional_info"]) == ("Tea", "hello")
    assert ten["metadata"] == {"Season": "Fall"}
    percent = api.get("/v1/vouchers/PCT").json()
    assert percent["discount"] == {"type": "PERCENT", "percent_off": 12.5}
    assert (percent["active"], percent["redemption"]["quantity"]) == (False, None)
    assert api.get("/v1/vouchers/FIX").json()["discount"]["fixed_amount"] == 990
    assert api.get("/v1/vouchers/CARD").json()["gift"]["balance"] == 10_000


def test_changes_codes_that_come_again_in_a_csv_file(api, work):
    head = "Code,Voucher Type,Value,Discount Type\n"
    api.upload("/v1/vouchers/importCSV", f"{head}A,DISCOUNT_VOUCHER,10,AMOUNT\n")
    work()
    api.post("/v1/vouchers/A/disable")

    api.upload("/v1/vouchers/importCSV", f"{head}A,DISCOUNT_VOUCHER,20,AMOUNT\n")
    work()

    code = api.get("/v1/vouchers/A").json()
    assert code["discount"]["amount_off"] == 2000
    assert code["active"] is False, "what a person switched off stays so"
    assert Voucher.objects.count() == 1


def test_codes_that_are_as_the_file_has_them_are_left_alone(api, work):
    rule = api.post("/v1/validation-rules", {"name": "Any", "rules": {"logic": ""}}).json()["id"]
    text = HEADER.replace("Season", "Validation rule ID") + (
        "TEN,DISCOUNT_VOUCHER,10,AMOUNT,Tea,FALSE,2030-01-01,2030-02-01,0,5,hello,\n"
        "PCT,DISCOUNT_VOUCHER,12.5,PERCENT,,,,,,,,\n"
        f"RULED,DISCOUNT_VOUCHER,9.90,FIXED,,,,,,,,{rule}\n"
        "CARD,GIFT_VOUCHER,100,AMOUNT,,,,,,,,\n"
    )
    api.upload("/v1/vouchers/importCSV", text)
    work()
    before = list(Voucher.objects.order_by("code").values())
    happened = OutboxEvent.objects.count()
    assert [row["active"] for row in before] == [True, True, True, False]

    answer = api.upload("/v1/vouchers/importCSV", text)
    work()

    assert report(api, answer)["result"]["done_count"] == 4
    assert list(Voucher.objects.order_by("code").values()) == before
    assert Voucher.history.count() == 4
    assert OutboxEvent.objects.count() == happened


def test_a_file_without_the_column_active_switches_no_code_on(api, work):
    VoucherFactory(code="OFF", active=False)

    api.upload(
        "/v1/vouchers/importCSV",
        "Code,Voucher Type,Value,Discount Type\nOFF,DISCOUNT_VOUCHER,20,AMOUNT\n",
    )
    work()

    assert not Voucher.objects.get().active


@pytest.mark.parametrize(
    ("text", "details"),
    [
        ("", "The file is empty"),
        ("Code\nA\n", "The file should have the column 'voucher type'"),
    ],
)
def test_refuses_a_file_without_its_columns(api, text, details):
    answer = api.upload("/v1/vouchers/importCSV", text)

    assert answer.json()["details"] == details
    assert not AsyncAction.objects.exists()


def test_refuses_a_form_without_a_file(api):
    answer = api.call(
        "POST", "/v1/vouchers/importCSV", body=b"", content_type="multipart/form-data"
    )

    assert answer.status_code == 400


def test_merges_metadata_of_many(api, work):
    VoucherFactory(code="A", metadata={"lang": "en", "old": 1})
    VoucherFactory(code="B")

    each = api.post(
        "/v1/vouchers/bulk/async",
        [{"code": "A", "metadata": {"lang": "de"}}, {"code": "X", "metadata": {}}],
    )
    same = api.post("/v1/vouchers/metadata/async", {"codes": ["A", "B"], "metadata": {"n": 2}})
    work()

    assert report(api, each)["result"]["failed"] == [
        {"code": "X", "row": 2, "reason": "Cannot find voucher with id X"}
    ]
    assert report(api, same)["result"]["done_count"] == 2
    assert Voucher.objects.get(code="A").metadata == {"lang": "de", "old": 1, "n": 2}
    assert Voucher.objects.get(code="B").metadata == {"n": 2}
    assert Voucher.objects.get(code="A").history.count() == 3
