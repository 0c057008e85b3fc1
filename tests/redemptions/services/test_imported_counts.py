"""Counts that come in a CSV file, for codes that are redeemed here."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campaigns.models import UsageDelta, Voucher
from campaigns.services import counting, imports
from loyalty_project.core import clock
from redemptions.context import Request, Wanted
from redemptions.services import redemptions, rollbacks
from tests.factories.voucher import uses_of


def redeem(project, name):
    request = Request(redeemables=(Wanted("voucher", name),), order={"amount": 2000})
    return redemptions.redeem(project=project, request=request, at=clock.now()).redemptions[0]


@pytest.fixture
def imported(in_project, work):
    """`imported("CODE", 3)`: the ended action of a file that says CODE is redeemed three times."""

    def run(name, redeemed, limit=""):
        head = "Code,Voucher Type,Value,Discount Type,Redeemed quantity"
        line = f"{name},DISCOUNT_VOUCHER,5,AMOUNT,{redeemed}"
        if limit:
            head, line = f"{head},Redemption limit", f"{line},{limit}"
        upload = SimpleUploadedFile("codes.csv", f"{head}\n{line}\n".encode())
        action = imports.start_csv(project=in_project, upload=upload, at=clock.now())
        work()
        action.refresh_from_db()
        return action

    return run


@pytest.mark.parametrize("limit", [None, 3])
def test_uses_that_are_counted_here_are_not_overwritten(code, in_project, imported, limit):
    voucher = code("MINE", limit=limit)
    redemption = redeem(in_project, "MINE")

    action = imported("MINE", 0)

    assert action.result["failed"] == [
        {
            "code": "MINE",
            "row": 1,
            "reason": "Redeemed quantity is below 1, for so often is the code redeemed",
        }
    ]
    assert uses_of(voucher) == 1
    rollbacks.roll_back(
        project=in_project, reference=redemption.public_id, wish=rollbacks.Wish(), at=clock.now()
    )
    counting.fold(project=in_project)
    voucher.refresh_from_db()
    assert (voucher.redeemed_count, UsageDelta.objects.count()) == (0, 0)


def test_open_uses_are_not_counted_twice(code, in_project, imported):
    voucher = code("FREE")
    for _ in range(3):
        redeem(in_project, "FREE")

    action = imported("FREE", 3)

    assert action.result["failed_count"] == 0
    assert uses_of(voucher) == 3
    counting.fold(project=in_project)
    assert uses_of(voucher) == 3


def test_a_higher_count_is_taken_over(code, imported):
    voucher = code("FREE")

    action = imported("FREE", 7)

    assert action.result["failed_count"] == 0
    assert uses_of(voucher) == 7


def test_the_count_of_a_new_code_is_taken_over(imported):
    assert imported("NEW", 2, limit=5).result["failed_count"] == 0

    voucher = Voucher.objects.get(code="NEW")
    assert (voucher.redeemed_count, voucher.redemption_limit) == (2, 5)
