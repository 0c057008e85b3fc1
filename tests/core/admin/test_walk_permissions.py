"""Every page of every admin is closed to people whom nothing was allowed."""

import pytest
from django.contrib import admin
from django.contrib.admin import helpers
from django.test import Client

from tests.core.admin import pages


@pytest.fixture(params=pages.MODELS, ids=pages.label)
def model(request):
    return request.param


@pytest.fixture
def row(model, project):
    return pages.make(model, project)


def answers(http, model, row, *, project):
    """`{page: status}` of every page, asked by GET, and by POST where it acts."""
    data = {"_project": project.public_id}
    found = {}
    for name, address in pages.addresses(model, row).items():
        found[name] = http.get(address).status_code
        if name != "list":
            found[f"POST {name}"] = http.post(address, data).status_code
    return found


def test_sends_strangers_to_the_login(model, row, project):
    assert set(answers(Client(), model, row, project=project).values()) == {302}


def test_is_closed_to_a_role_without_permissions(model, row, project, nobody):
    found = answers(nobody, model, row, project=project)

    assert {name: status for name, status in found.items() if status not in {403, 404}} == {}


def test_runs_no_action_for_a_role_without_permissions(model, row, project, nobody):
    page = admin.site.get_model_admin(model)
    for action in [*(page.actions or ()), "delete_selected", "enable", "disable"]:
        data = {
            "action": action if isinstance(action, str) else action.__name__,
            helpers.ACTION_CHECKBOX_NAME: [row.pk],
            "confirmed": "yes",
            "post": "yes",
            "_project": project.public_id,
        }
        assert nobody.post(pages.url(model, "changelist"), data).status_code == 403

    assert model._base_manager.filter(pk=row.pk).exists()


def test_shows_nothing_of_it_in_the_sidebar(model, row, nobody):
    assert pages.url(model, "changelist") not in nobody.get("/admin/").content.decode()
