"""Pages that belong to no list: which role opens each, and what strangers and foreign ids get.

They are read from the URL configuration, so that a new one without a line here fails.
"""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from loyalty_project.core import tenancy
from loyalty_project.core.admin_site import PERSONAL
from loyalty_project.roles import ROLES
from redemptions.services import replays
from tests.core.admin import pages
from tests.core.admin.conftest import choose
from tests.factories.customer import CustomerFactory
from tests.factories.order import OrderFactory
from tests.factories.platform import AsyncActionFactory

# What the walks over the models open, and steps of it that ask the same question.
WALKED = {
    "changelist", "add", "change", "delete", "history", "export", "import", "permissions",
    "simple_history", "do", "process_import", "permissions_manage_user",
    "permissions_manage_group",
}  # fmt: skip
# For everybody who is signed in, or for everybody: about no object, or asking at each object.
OPEN = PERSONAL | {
    "index", "login", "first_password", "jsi18n", "search", "app_list", "view_on_site",
    "autocomplete", "auth_user_password_change",
}  # fmt: skip
EVERYBODY = set(ROLES)
MAKERS = {"Administrator", "Marketer", "Junior marketer"}
OWNERS = {"Administrator", "Marketer"}
SERVICE = {"Administrator", "Support agent"}
NOBODY = set()
# Who opens it, and who may send its form.
TABLE = {
    "audit": (EVERYBODY, EVERYBODY),
    "campaigns_apology_issue": (OWNERS | {"Support agent"}, OWNERS | {"Support agent"}),
    "campaigns_apology_policy": (EVERYBODY, OWNERS),
    "campaigns_campaign_calendar": (EVERYBODY, EVERYBODY),
    "campaigns_campaign_compare": (EVERYBODY, EVERYBODY),
    "campaigns_campaign_cost": (NOBODY, MAKERS),
    "campaigns_campaign_recipe": (MAKERS, MAKERS),
    "campaigns_campaign_recipes": (MAKERS, MAKERS),
    "campaigns_promotiontier_recipe": (MAKERS, MAKERS),
    "campaigns_promotiontier_recipes": (MAKERS, MAKERS),
    "campaigns_safety": (EVERYBODY, OWNERS),
    # Says what rules would do, and keeps nothing.
    "campaigns_stackingrules_preview": (NOBODY, EVERYBODY),
    "campaigns_validationrule_choices": (MAKERS, MAKERS),
    "campaigns_validationrule_example": (MAKERS, MAKERS),
    "campaigns_validationrule_sentence": (MAKERS, MAKERS),
    "campaigns_voucher_recipe": (MAKERS, MAKERS),
    "campaigns_voucher_recipes": (MAKERS, MAKERS),
    "core_asyncaction_report": (EVERYBODY, EVERYBODY),
    "core_asyncaction_state": (EVERYBODY, EVERYBODY),
    "redemptions_order_return": (SERVICE, SERVICE),
    "redemptions_redemption_redeem": (SERVICE, SERVICE),
    "redemptions_redemption_replay": (EVERYBODY, EVERYBODY),
    "redemptions_redemption_replayed": (EVERYBODY, EVERYBODY),
    "redemptions_redemption_try": (EVERYBODY, EVERYBODY),
    "reporting_gift_cards": (EVERYBODY, EVERYBODY),
    "rewards_productcollection_preview": (EVERYBODY, EVERYBODY),
    "status": ({"Administrator", "Manager", "Developer"},) * 2,
}
OBJECTS = {
    "redemptions_order_return": "order",
    "core_asyncaction_state": "action",
    "core_asyncaction_report": "action",
    "campaigns_apology_issue": "customer",
    "redemptions_redemption_replayed": "replay",
}
REFUSED = {403, 404, 405}


def objects_of(project):
    """What the pages with an argument are about."""
    with tenancy.scope(project):
        replay = AsyncActionFactory(
            project=project, type=replays.TYPE, params={"campaign": "camp_gone"}, result=None
        )
        return {
            "action": AsyncActionFactory(project=project).pk,
            "customer": CustomerFactory(project=project).pk,
            "order": OrderFactory(project=project).pk,
            "replay": replay.public_id,
        }


def names(patterns):
    for entry in patterns:
        if hasattr(entry, "url_patterns"):
            yield from names(entry.url_patterns)
        elif entry.name:
            yield entry.name


def is_walked(name):
    return any(
        name.startswith(f"{model._meta.app_label}_{model._meta.model_name}_")
        and name.removeprefix(f"{model._meta.app_label}_{model._meta.model_name}_") in WALKED
        for model in pages.MODELS
    )


def address(name, objects):
    arguments = [objects[OBJECTS[name]]] if name in OBJECTS else []
    if name.endswith("_recipe"):
        arguments = ["percent_off"]
    return reverse(f"admin:{name}", args=arguments)


def test_every_page_of_the_url_configuration_is_in_the_table():
    own = {name for name in names(admin.site.get_urls()) if not is_walked(name)} - OPEN

    assert own == set(TABLE)


@pytest.mark.requirement(181)
@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_the_pages_of_its_job_and_no_other(role, staff, project):
    http, objects = choose(staff(role), project), objects_of(project)
    opened, sent = set(), set()
    for name in TABLE:
        place = address(name, objects)
        if http.get(place).status_code not in REFUSED:
            opened.add(name)
        if http.post(place, {"_project": project.public_id}).status_code not in REFUSED:
            sent.add(name)

    assert opened == {name for name, (openers, _) in TABLE.items() if role in openers}
    assert sent == {name for name, (_, senders) in TABLE.items() if role in senders}


@pytest.mark.requirement(174, 181)
def test_strangers_and_roles_without_permissions_open_none(nobody, project):
    objects, stranger = objects_of(project), Client()
    places = [address(name, objects) for name in TABLE]

    assert {stranger.get(place).status_code for place in places} == {302}
    assert {stranger.post(place).status_code for place in places} == {302}
    assert {place for place in places if nobody.get(place).status_code not in REFUSED} == set()


@pytest.mark.requirement(174, 175)
def test_an_object_of_another_project_is_an_unknown_one(root, other_project):
    foreign = objects_of(other_project)

    assert {root.get(address(name, foreign)).status_code for name in OBJECTS} == {404}
