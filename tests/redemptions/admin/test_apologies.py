"""A support agent says sorry with a code: from the page of the customer to the till."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from campaigns.models import Apology, Voucher
from campaigns.services import apology_policies
from loyalty_project.core import tenancy
from tests.factories.customer import CustomerFactory
from tests.factories.voucher import VoucherFactory

pytestmark = pytest.mark.usefixtures("in_project")
POLICY = "/admin/campaigns/apology/policy/"


@pytest.fixture
def ada():
    return CustomerFactory(source_id="ada", name="Ada")


def issue(customer):
    return f"/admin/campaigns/apology/issue/{customer.pk}/"


def page_of(customer):
    return reverse("admin:customers_customer_change", args=[customer.pk])


@pytest.mark.requirement(19)
def test_an_agent_gives_a_customer_a_code_that_only_they_use_once(person, api, ada):
    CustomerFactory(source_id="bob")
    agent, marketer = person("Support agent"), person("Marketer")
    bounds = {"max_amount": "10", "max_days": "30", "daily_count": "20"}
    assert marketer.post(POLICY, bounds).status_code == 302
    assert issue(ada) in agent.get(page_of(ada)).content.decode()
    asked = agent.get(issue(ada)).content.decode()
    assert ("At most" in asked, "You can issue 20 codes today." in asked) == (True, True)

    form = {"amount": "5", "days": "7", "reason": "Late parcel", "once": "shown1"}
    done = agent.post(issue(ada), form)
    agent.post(issue(ada), form)  # a second click

    assert done.status_code == 302, done.context["form"].errors
    code = Voucher.objects.get().code
    shown = agent.get(page_of(ada)).content.decode()
    assert (done.url, code in shown) == (page_of(ada), True)
    listed = agent.get("/admin/campaigns/apology/").content.decode()
    assert "Late parcel" in listed
    wallet = {"scenario": "CUSTOMER_WALLET", "customer": {"source_id": "ada"}}
    offers = api.post("/v1/qualifications", wallet).json()["redeemables"]["data"]
    assert [each["id"] for each in offers] == [code]
    wanted = {
        "redeemables": [{"object": "voucher", "id": code}],
        "order": {"amount": 2000},
        "customer": {"source_id": "bob"},
    }
    for others in (wanted, {**wanted, "customer": {"source_id": "ada-2"}}):
        refused = api.post("/v1/redemptions", others).json()
        assert refused["key"] == "redemption_rules_violated"
        assert refused["error"]["message"] == "This code is for the customer to whom it was given."
    assert api.post("/v1/redemptions", {**wanted, "customer": None}).json()["key"] == (
        "missing_customer"
    )
    mine = {**wanted, "customer": {"source_id": "ada"}}
    assert api.post("/v1/redemptions", mine).json()["order"]["total_amount"] == 1500
    assert api.post("/v1/redemptions", mine).json()["key"] == "quantity_exceeded"
    assert api.post("/v1/qualifications", wallet).json()["redeemables"]["data"] == []


@pytest.mark.parametrize(
    ("role", "may_issue", "sees_policy", "sets_policy"),
    [
        ("Administrator", True, True, True),
        ("Marketer", True, True, True),
        ("Junior marketer", False, True, False),
        ("Support agent", True, True, False),
        ("Manager", False, True, False),
        ("Developer", False, True, False),
        ("Viewer", False, True, False),
    ],
)
def test_who_may_issue_and_who_sets_the_bounds(
    person, ada, role, may_issue, sees_policy, sets_policy
):
    http = person(role)
    sent = {"percent": "5", "days": "7", "reason": "Late"}

    assert (issue(ada) in http.get(page_of(ada)).content.decode()) is may_issue
    assert (http.get(issue(ada)).status_code == 200) is may_issue
    assert http.post(issue(ada), sent).status_code == (302 if may_issue else 403)
    assert Apology.objects.count() == int(may_issue)
    assert (http.get(POLICY).status_code == 200) is sees_policy
    expected = 302 if sets_policy else 403
    assert http.post(POLICY, {"max_percent": "20", "max_days": "5"}).status_code == expected
    stored = apology_policies.of_project(project=None).max_percent
    assert stored == (200_000 if sets_policy else 100_000)


def test_codes_of_a_customer_are_for_those_who_may_see_codes(person, ada):
    VoucherFactory(code="SECRET", holder=ada)
    desk = Group.objects.create(name="Desk")
    desk.permissions.set(Permission.objects.filter(codename="view_customer"))

    assert "SECRET" in person("Viewer").get(page_of(ada)).content.decode()
    seen = person("Desk").get(page_of(ada))
    assert (seen.status_code, "SECRET" in seen.content.decode()) == (200, False)


def test_refusals_stand_at_the_field_and_nothing_is_made(person, ada, at):
    agent = person("Support agent")
    sent = {"percent": "50", "days": "7", "reason": "Late"}

    answer = agent.post(issue(ada), sent)

    assert answer.context["form"].errors["percent"] == [
        "This is outside of what the project allows for apologies."
    ]
    assert "amount" not in answer.context["form"].fields
    empty = agent.post(issue(ada), {"percent": "5", "days": "7", "reason": ""})
    assert list(empty.context["form"].errors) == ["reason"]
    assert not Voucher.objects.exists()


def test_a_customer_of_another_project_is_not_there(person, other_project):
    with tenancy.scope(other_project):
        other = CustomerFactory(project=other_project)

    assert person("Support agent").get(issue(other)).status_code == 404
