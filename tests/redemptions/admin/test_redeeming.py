"""A person finds a code, redeems it for a customer and takes it back, all in the admin."""

import pytest
from django.urls import reverse

from customers.models import Customer
from redemptions.models import Order, Redemption
from tests.factories.customer import CustomerFactory
from tests.factories.voucher import uses_of

REDEEM = "/admin/redemptions/redemption/redeem/"


def asked(http, **data):
    return http.post(REDEEM, {"amount": "20.00", **data}, follow=True)


@pytest.mark.requirement(136)
def test_an_agent_finds_a_code_and_redeems_it_and_takes_it_back(person, code, in_project):
    voucher = code("SUMMER-7", limit=1)
    ada = CustomerFactory(name="Ada")
    http = person("Support agent")

    found = http.get(reverse("admin:campaigns_voucher_changelist"), {"q": "SUMMER"})
    (row,) = found.context["cl"].result_list
    page = http.get(reverse("admin:campaigns_voucher_change", args=[row.pk])).content.decode()
    assert f"{REDEEM}?code=SUMMER-7" in page
    assert 'value="SUMMER-7"' in http.get(f"{REDEEM}?code=SUMMER-7").content.decode()

    done = asked(http, code="SUMMER-7", order="o-1", customer=ada.pk)

    redemption = Redemption.objects.get()
    assert done.redirect_chain == [
        (reverse("admin:redemptions_redemption_change", args=[redemption.pk]), 302)
    ]
    assert "SUMMER-7 is redeemed: 15.00 EUR are left to pay." in done.content.decode()
    order = Order.objects.get()
    assert (order.source_id, order.total_amount, order.customer) == ("o-1", 1500, ada)
    assert (uses_of(voucher), redemption.channel_type) == (1, "USER")

    again = asked(http, code="SUMMER-7")
    assert again.context["form"].non_field_errors() == [
        "This code has been used as often as it can be."
    ]
    assert uses_of(voucher) == 1

    undo = reverse("admin:redemptions_redemption_do", args=[redemption.pk, "roll_back"])
    http.post(undo, {"reason": "wrong code", "confirmed": "yes"})
    assert uses_of(voucher) == 0


@pytest.mark.requirement(136)
def test_who_may_not_redeem_is_not_asked(person, code, in_project):
    voucher = code("MINE", limit=1)
    page = reverse("admin:campaigns_voucher_change", args=[voucher.pk])
    for role in ("Viewer", "Marketer"):
        http = person(role)

        assert REDEEM not in http.get(page).content.decode()
        assert http.get(REDEEM).status_code == 403
        assert asked(http, code="MINE").status_code == 403
    assert uses_of(voucher) == 0


def test_two_clicks_use_a_code_once(person, code, in_project):
    voucher = code("FREE")
    http = person("Support agent")

    for _ in range(2):
        asked(http, code="FREE", once="abc123")

    assert (uses_of(voucher), Order.objects.count()) == (1, 1)


def test_says_what_is_wrong_and_writes_nothing(person, in_project):
    http = person("Support agent")

    unknown = asked(http, code="NOTHING").context["form"]
    assert unknown.non_field_errors() == ["This code does not exist. Check its spelling."]
    assert asked(http, code="", amount="").context["form"].errors.keys() == {"code", "amount"}
    assert not Order.objects.exists()
    assert not Customer.objects.exists()
