"""Two tabs, two projects: a form writes where it was opened."""

import pytest

from loyalty_project.core import tenancy
from loyalty_project.core.models import MetadataSchema
from tests.core.admin.conftest import choose
from tests.factories.platform import MetadataSchemaFactory

ADD = "/admin/core/metadataschema/add/"


def form(project, **changes):
    values = {"related_object": "customer", "properties": '{"tier": {"type": "string"}}'}
    return {**values, "_project": project.public_id, **changes}


def schemas(project):
    with tenancy.scope(project):
        return list(MetadataSchema.objects.values_list("related_object", flat=True))


def test_writes_into_the_project_of_the_tab(root, project, other_project):
    choose(root, other_project)

    answer = root.post(ADD, form(project))

    assert answer.status_code == 302
    assert schemas(project) == ["customer"]
    assert schemas(other_project) == []
    assert root.session["project"] == project.public_id


@pytest.mark.parametrize("sent", ["", "proj_unknown"])
def test_refuses_a_form_without_its_project(root, project, sent):
    answer = root.post(ADD, form(project, _project=sent))

    assert answer.status_code == 409
    assert schemas(project) == []


def test_refuses_a_form_of_a_project_that_was_left(staff, project, other_project):
    http = staff("Administrator")

    answer = http.post(ADD, form(other_project))

    assert answer.status_code == 409
    assert schemas(project) == []
    assert schemas(other_project) == []


def test_does_not_open_a_row_of_the_other_tab(root, project, other_project):
    with tenancy.scope(project):
        row = MetadataSchemaFactory()
    choose(root, other_project)

    answer = root.get(f"/admin/core/metadataschema/{row.pk}/change/")

    assert answer.status_code == 302


def test_switches_the_project(root, project, other_project):
    answer = root.post("/admin/project/", {"project": other_project.public_id})

    assert answer.status_code == 302
    assert other_project.name in root.get("/admin/").content.decode()


def test_does_not_switch_to_a_project_of_others(staff, other_project):
    answer = staff("Administrator").post("/admin/project/", {"project": other_project.public_id})

    assert answer.status_code == 403
