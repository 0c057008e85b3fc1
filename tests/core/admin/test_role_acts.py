"""Every list action and every button, asked for by every built-in role."""

import pytest
from django.contrib import admin
from django.contrib.admin import helpers

from loyalty_project.roles import ROLES
from tests.core.admin import pages
from tests.core.admin.conftest import choose

OWNERS = {"Administrator", "Marketer"}
MAKERS = OWNERS | {"Junior marketer"}
TECHNICAL = {"Administrator", "Developer"}
# Written out apart from loyalty_project/roles.py, as test_role_matrix does for pages.
ACTIONS = {
    ("campaigns.Budget", "delete_selected"): OWNERS,
    ("campaigns.Campaign", "delete_selected"): OWNERS,
    ("campaigns.Campaign", "disable"): MAKERS,
    ("campaigns.Campaign", "enable"): MAKERS,
    ("campaigns.Category", "delete_selected"): OWNERS,
    ("campaigns.HolidayCalendar", "delete_selected"): OWNERS,
    ("campaigns.Jurisdiction", "delete_selected"): OWNERS,
    ("campaigns.PromotionStack", "delete_selected"): OWNERS,
    ("campaigns.PromotionTier", "delete_selected"): OWNERS,
    ("campaigns.PromotionTier", "disable"): MAKERS,
    ("campaigns.PromotionTier", "enable"): MAKERS,
    ("campaigns.ValidationRule", "delete_selected"): OWNERS,
    ("campaigns.Voucher", "delete_selected"): OWNERS,
    ("campaigns.Voucher", "disable"): MAKERS,
    ("campaigns.Voucher", "enable"): MAKERS,
    ("core.Membership", "delete_selected"): {"Administrator"},
    ("core.MetadataSchema", "delete_selected"): TECHNICAL,
    ("core.WebhookDelivery", "send_selected_again"): TECHNICAL,
    ("core.WebhookEndpoint", "delete_selected"): TECHNICAL,
    ("core.WebhookEndpoint", "disable"): TECHNICAL,
    ("core.WebhookEndpoint", "enable"): TECHNICAL,
    ("customers.Customer", "delete_selected"): OWNERS,
    ("customers.Segment", "delete_selected"): OWNERS,
    ("rewards.Product", "delete_selected"): OWNERS,
    ("rewards.ProductCollection", "delete_selected"): OWNERS,
    ("rewards.Sku", "delete_selected"): OWNERS,
}
BUTTONS = {
    ("campaigns.Campaign", "add_codes"): MAKERS,
    ("campaigns.Campaign", "export_codes"): OWNERS | {"Manager"},
    ("campaigns.Campaign", "import_codes"): OWNERS,
    ("campaigns.Campaign", "turn_off"): MAKERS,
    ("campaigns.PromotionTier", "turn_off"): MAKERS,
    ("campaigns.StackingRules", "reset"): OWNERS,
    ("campaigns.Voucher", "turn_off"): MAKERS,
    ("core.ApiKey", "revoke"): TECHNICAL,
    ("core.ApiKey", "rotate"): TECHNICAL,
    ("core.WebhookDelivery", "send_again"): TECHNICAL,
    ("core.WebhookEndpoint", "replay"): TECHNICAL,
    ("core.WebhookEndpoint", "rotate"): TECHNICAL,
    ("core.WebhookEndpoint", "send_test"): TECHNICAL,
    ("core.WebhookEndpoint", "turn_off"): TECHNICAL,
    ("customers.Customer", "erase"): OWNERS,
    ("customers.Segment", "add_customers"): MAKERS,
    ("customers.Segment", "add_from_csv"): OWNERS,
    ("customers.Segment", "export_customers"): OWNERS | {"Manager"},
    ("customers.Segment", "remove_customers"): MAKERS,
    ("redemptions.Hold", "release"): OWNERS | {"Support agent"},
    ("redemptions.Order", "cancel_order"): {"Administrator", "Support agent"},
    ("redemptions.Redemption", "roll_back"): {"Administrator", "Support agent"},
}
# These change nothing, and lead to a page that asks for itself who may see it.
LEADS_ON = {("campaigns.Campaign", "compare"): set(ROLES)}
ASKS_FIRST = {"admin/confirm.html", "admin/delete_selected_confirmation.html"}


@pytest.fixture
def rows(project):
    return {model: pages.make(model, project) for model in pages.MODELS}


@pytest.fixture
def http(role, staff, project):
    return choose(staff(role), project)


def of_role(table, role):
    return {act for act, roles in table.items() if role in roles}


def asks(answer):
    return answer.status_code == 200 and answer.templates[0].name in ASKS_FIRST


def offered(http, model):
    answer = http.get(pages.url(model, "changelist"))
    form = answer.context.get("action_form") if answer.status_code == 200 else None
    return {name for name, _label in form.fields["action"].choices if name} if form else set()


@pytest.mark.requirement(181)
@pytest.mark.parametrize("role", ROLES)
def test_a_role_runs_the_actions_of_its_job_and_no_other(role, http, rows, project):
    def start(model, action):
        chosen = {helpers.ACTION_CHECKBOX_NAME: [rows[model].pk], "_project": project.public_id}
        return http.post(pages.url(model, "changelist"), {"action": action, **chosen})

    shown = {(pages.label(model), name) for model in rows for name in offered(http, model)}
    by_label = {pages.label(model): model for model in rows}
    ran = {(name, action) for name, action in ACTIONS if asks(start(by_label[name], action))}

    assert ran == of_role(ACTIONS, role)
    assert shown == of_role(ACTIONS | LEADS_ON, role)


@pytest.mark.requirement(181)
@pytest.mark.parametrize("role", ROLES)
def test_a_role_presses_the_buttons_of_its_job_and_no_other(role, http, rows):
    pressed = {
        (pages.label(model), name)
        for model, row in rows.items()
        for name in admin.site.get_model_admin(model).get_button_names(row)
        if asks(http.get(pages.url(model, "do", row.pk, name)))
    }

    assert pressed == of_role(BUTTONS, role)
