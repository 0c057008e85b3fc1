"""The kill switch: says in numbers what it does, asks once, then calls the service."""

import pytest
from django.contrib import admin
from django.urls import path

from loyalty_project.core.admin import actions, base
from loyalty_project.core.admin_site import WafaSite
from loyalty_project.core.errors import Conflict
from loyalty_project.core.models import MetadataSchema
from tests.factories.platform import MetadataSchemaFactory


class SwitchedPage(actions.KillSwitch, base.ProjectAdmin):
    """Metadata schemas, switched by `allow_defined_only`."""

    switch_field = "allow_defined_only"
    list_display = ("related_object",)

    def switch(self, request, obj, *, on):
        if obj.related_object == "locked":
            raise Conflict("It is locked.")
        obj.allow_defined_only = on
        obj.save()

    def switch_effects(self, request, queryset, *, on):
        return [f"{queryset.count()} turned {'on' if on else 'off'}."]


site = WafaSite()
site._registry.update(admin.site._registry)
site._registry[MetadataSchema] = SwitchedPage(MetadataSchema, site)
urlpatterns = [path("admin/", site.urls)]
LIST = "/admin/core/metadataschema/"


@pytest.fixture(autouse=True)
def _with_the_switch(settings):
    settings.ROOT_URLCONF = __name__


@pytest.fixture
def rows(in_project):
    names = ("customer", "order", "locked")
    return [MetadataSchemaFactory(related_object=name, allow_defined_only=True) for name in names]


def form(project, rows, **more):
    chosen = {"_selected_action": [row.pk for row in rows], "action": "disable", "index": "0"}
    return {**chosen, "_project": project.public_id, **more}


def on():
    rows = MetadataSchema.objects.filter(allow_defined_only=True)
    return sorted(rows.values_list("related_object", flat=True))


def test_says_what_will_happen_and_does_nothing_yet(root, project, rows):
    body = root.post(LIST, form(project, rows[:2])).content.decode()

    assert "2 turned off." in body
    assert "customer" in body
    assert on() == ["customer", "locked", "order"]


@pytest.mark.requirement(94)
def test_switches_the_chosen_ones_after_the_question(root, project, rows):
    answer = root.post(LIST, form(project, rows[:2], confirmed="yes"), follow=True)

    assert on() == ["locked"]
    assert "2 disabled." in answer.content.decode()


def test_tells_which_one_refused(root, project, rows):
    answer = root.post(LIST, form(project, rows, confirmed="yes"), follow=True)

    assert on() == ["locked"]
    assert "locked: It is locked." in answer.content.decode()


def test_switches_on_again_from_the_page(root, project, rows):
    page = f"{LIST}{rows[0].pk}/"
    assert "do/turn_off/" in root.get(f"{page}change/").content.decode()
    assert "1 turned off." in root.get(f"{page}do/turn_off/").content.decode()

    root.post(f"{page}do/turn_off/", {"_project": project.public_id})
    assert on() == ["locked", "order"]

    root.post(f"{page}do/turn_on/", {"_project": project.public_id})
    assert on() == ["customer", "locked", "order"]


def test_shows_on_the_page_why_it_was_refused(root, project, rows):
    page = f"{LIST}{rows[2].pk}/do/turn_off/"

    answer = root.post(page, {"_project": project.public_id}, follow=True)

    assert "It is locked." in answer.content.decode()
    assert "locked" in on()


@pytest.mark.requirement(94)
def test_is_not_offered_to_people_who_may_only_look(staff, project, rows):
    http = staff("Manager")

    body = http.get(LIST).content.decode()
    page = http.get(f"{LIST}{rows[0].pk}/change/").content.decode()
    http.post(LIST, form(project, rows, confirmed="yes"))
    answer = http.post(f"{LIST}{rows[0].pk}/do/turn_off/", {"_project": project.public_id})

    assert 'value="disable"' not in body
    assert "do/turn_off/" not in page
    assert answer.status_code == 403
    assert len(on()) == 3


def test_does_not_switch_by_looking(root, rows):
    root.get(f"{LIST}{rows[0].pk}/do/turn_off/")

    assert len(on()) == 3


def test_switches_no_row_of_another_project(root, project, other_project, rows):
    rows[0].__class__._base_manager.filter(pk=rows[0].pk).update(project=other_project)

    root.post(LIST, form(project, rows[:2], confirmed="yes"))
    answer = root.get(f"{LIST}{rows[0].pk}/do/turn_off/")

    assert answer.status_code == 404
    assert MetadataSchema._base_manager.get(pk=rows[0].pk).allow_defined_only is True
