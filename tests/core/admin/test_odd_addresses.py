"""Addresses that nobody is led to: an answer, never an error of ours."""

import pytest

from tests.factories.campaign import CampaignFactory
from tests.factories.customer import CustomerFactory

pytestmark = pytest.mark.django_db
LONG = "9" * 5000


@pytest.mark.parametrize(
    "address",
    [
        "customers/customer/?name__regex=((",
        "customers/customer/?name__iregex=((",
        "campaigns/campaign/?name__regex=[",
        "campaigns/voucher/?code__startswith=a%00",
        "campaigns/voucher/?code__in=a,b%00",
    ],
)
def test_lists_refuse_patterns_and_nul(root, address):
    assert root.get(f"/admin/{address}").status_code == 400


@pytest.mark.parametrize("pk", ["abc", "%C2%B2", "%D9%A1", LONG, "1%00"])
def test_no_history_of_what_is_no_number(root, pk):
    root.get("/admin/")
    for address in (f"{pk}/history/", f"{pk}/history/1/", f"1/history/{pk}/"):
        assert root.get(f"/admin/customers/customer/{address}").status_code == 404


def test_no_grants_for_what_is_no_person(root, in_project):
    campaign = CampaignFactory()
    for number in ("%D9%A1", LONG):
        address = f"/admin/campaigns/campaign/{campaign.pk}/permissions/user-manage/{number}/"
        assert root.get(address).status_code == 404


def test_searches_without_nul(root, in_project):
    CustomerFactory(name="Ada")

    found = root.get("/admin/search/?q=A%00da").json()["groups"]

    assert [hit["label"] for group in found for hit in group["hits"]] == ["Ada"]


@pytest.mark.parametrize("number", [LONG, "%C2%B2", "%D9%A1", "-1", "x"])
def test_any_page_of_the_audit_log_is_a_page(root, number):
    assert root.get(f"/admin/audit/?p={number}").status_code == 200
