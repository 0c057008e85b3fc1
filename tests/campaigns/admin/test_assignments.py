"""Rules are chosen on the pages of what they restrict."""

import pytest
from django.urls import reverse

from campaigns.models import RuleAssignment
from loyalty_project.core import tenancy
from tests.factories.campaign import CampaignFactory
from tests.factories.validation_rule import RuleAssignmentFactory, ValidationRuleFactory
from tests.factories.voucher import VoucherFactory

pytestmark = pytest.mark.usefixtures("in_project")
ADD_CODE = {
    "code": "SORRY10",
    "discount_type": "FIXED",
    "fixed_amount": "9.90",
    "active": "on",
    "metadata": "{}",
}


def page(row):
    return reverse(f"admin:campaigns_{row._meta.model_name}_change", args=[row.pk])


def as_sent(http, row, **changes):
    """What the page of a row sends after some changes."""
    form = http.get(page(row)).context["adminform"].form
    values = {name: form[name].value() for name in form.fields if not form.fields[name].disabled}
    filled = {name: value for name, value in values.items() if value not in (None, False)}
    return {**filled, **changes}


def assigned(row):
    return [each.rule.name for each in row.rule_assignments.order_by("pk").select_related("rule")]


@pytest.mark.requirement(40)
@pytest.mark.parametrize("make", [CampaignFactory, VoucherFactory])
def test_chooses_other_rules(person, make):
    row = make()
    old = RuleAssignmentFactory(rule__name="Old", **{row._meta.model_name: row})
    kept = RuleAssignmentFactory(rule__name="Kept", **{row._meta.model_name: row})
    new = ValidationRuleFactory(name="New")
    http = person("Marketer")

    answer = http.post(page(row), as_sent(http, row, rules=[kept.rule.pk, new.pk]))

    assert answer.status_code == 302
    assert assigned(row) == ["Kept", "New"]
    assert RuleAssignment.objects.filter(pk=kept.pk).exists()
    assert not RuleAssignment.objects.filter(pk=old.pk).exists()


def test_a_new_code_begins_with_its_rule(person, api):
    rule = ValidationRuleFactory(name="From 10")

    person("Marketer").post(reverse("admin:campaigns_voucher_add"), {**ADD_CODE, "rules": rule.pk})

    body = {"redeemables": [{"object": "voucher", "id": "SORRY10"}], "order": {"amount": 999}}
    found = api.post("/v1/validations", body).json()["redeemables"][0]
    assert found["result"]["error"]["key"] == "order_rules_violated"


def test_takes_no_rule_of_another_project(person, other_project):
    with tenancy.scope(other_project):
        foreign = ValidationRuleFactory(project=other_project)
    campaign = CampaignFactory()
    http = person("Marketer")

    answer = http.post(page(campaign), as_sent(http, campaign, rules=[foreign.pk]))

    assert "rules" in answer.context["adminform"].form.errors
    assert assigned(campaign) == []


def test_offers_no_rule_of_another_project(person, other_project):
    with tenancy.scope(other_project):
        ValidationRuleFactory(project=other_project, name="Foreign")
    ValidationRuleFactory(name="Ours")
    query = {"app_label": "campaigns", "model_name": "ruleassignment", "field_name": "rule"}

    answer = person("Marketer").get(reverse("admin:autocomplete"), {**query, "term": ""})

    assert [each["text"] for each in answer.json()["results"]] == ["Ours"]


def test_shows_the_rules_to_who_may_not_choose_them(person):
    campaign = CampaignFactory()
    RuleAssignmentFactory(rule__name="London VIPs", campaign=campaign)

    body = person("Support agent").get(page(campaign)).content.decode()

    assert "London VIPs" in body
    assert "admin-autocomplete" not in body


def test_offers_to_make_a_rule_on_the_spot(person):
    body = person("Marketer").get(reverse("admin:campaigns_campaign_add")).content.decode()

    assert f"{reverse('admin:campaigns_validationrule_add')}?_to_field=id&amp;_popup=1" in body
