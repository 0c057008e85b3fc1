"""The page "Try a cart"."""

from datetime import date

import pytest

from loyalty_project.core.admin.moments import day
from redemptions.models import Order, Redemption
from tests.factories.customer import CustomerFactory
from tests.factories.limit import LimitFactory
from tests.factories.product import ProductFactory
from tests.factories.promotion import PromotionTierFactory
from tests.redemptions.terms import ruled

URL = "/admin/redemptions/redemption/try/"


def tried(http, **data):
    response = http.get(URL, {"metadata": "{}", **data})
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.requirement(41, 253)
def test_says_what_a_cart_comes_to_and_why_a_code_does_not_work(staff, code, in_project):
    code("FIVE")
    ruled(code("BIG"), ("order.amount", {"$more_than_or_equal": [5000]}))

    page = tried(staff("Marketer"), codes="FIVE", amount="20.00")
    refused = tried(staff("Support agent"), codes="BIG", amount="42.00")

    assert "It works" in page
    assert "15.00" in page
    assert "It does not work" in refused
    assert "8.00" in refused
    assert not Order.objects.exists()
    assert not Redemption.objects.exists()


def test_finds_promotions_that_need_no_code(staff, in_project):
    PromotionTierFactory(name="Ten for all")

    page = tried(staff("Manager"), auto="on", amount="50")

    assert "Ten for all" in page
    assert "40.00" in page


def test_prices_products_for_a_customer(staff, code, in_project):
    ada = CustomerFactory(name="Ada", metadata={"tier": "gold"})
    beans = ProductFactory(name="House blend", price=1250)
    ruled(code("GOLD"), ("customer.metadata", "tier", {"$is": ["gold"]}))
    items = {
        "items-TOTAL_FORMS": "1",
        "items-INITIAL_FORMS": "0",
        "items-0-product": beans.pk,
        "items-0-quantity": "2",
    }

    page = tried(staff("Marketer"), codes="GOLD", customer=ada.pk, **items)

    assert "House blend" in page
    assert "20.00" in page


def test_an_empty_page_is_a_form(staff, in_project):
    page = staff("Viewer").get(URL)

    assert page.status_code == 200
    assert "It works" not in page.content.decode()


def test_wrong_fields_are_named(staff, in_project):
    page = tried(staff("Marketer"), codes="\n".join(f"C{n}" for n in range(31)))

    assert "At most 30 codes" in page


@pytest.mark.parametrize("moment", ["0001-01-02T00:00", "9999-12-31T23:59", "1999-12-31T23:59"])
def test_moments_that_are_too_far_off_are_refused(staff, code, in_project, moment):
    LimitFactory(voucher=code("WEEKLY"), period="week", value=3)

    page = tried(staff("Marketer"), codes="WEEKLY", amount="20.00", at=moment)

    assert f"Choose a moment from {day(date(2000, 1, 1))} to {day(date(2199, 12, 31))}." in page
    assert "It works" not in page


@pytest.mark.parametrize("moment", ["2000-01-01T00:00", "2199-12-31T23:59"])
def test_moments_of_two_centuries_are_tried(staff, code, in_project, moment):
    LimitFactory(voucher=code("WEEKLY"), period="week", value=3)

    assert "It works" in tried(staff("Marketer"), codes="WEEKLY", amount="20.00", at=moment)


def test_needs_the_right_to_see_redemptions(client, staff, other_project, code, in_project):
    code("FIVE")

    assert client.get(URL).status_code == 302
    assert "FIVE" not in staff("Viewer", in_project=other_project).get(URL).content.decode()


def test_another_projects_customers_cannot_be_chosen(staff, other_project, code, in_project):
    ada = CustomerFactory(name="Ada")

    page = tried(staff("Marketer", in_project=other_project), customer=ada.pk, amount="5")

    assert "Ada" not in page
    assert "Select a valid choice" in page
