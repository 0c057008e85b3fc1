"""Rows of another project are nowhere: not on lists, filters, pickers, pages or histories."""

import pytest
from django.contrib import admin

from loyalty_project.core import tenancy
from tests.core.admin import pages


@pytest.fixture(params=pages.TENANT_MODELS, ids=pages.label)
def model(request):
    return request.param


@pytest.fixture
def foreign(model, other_project):
    return pages.make(model, other_project)


def shown(row):
    """Texts by which a row would be recognized."""
    with tenancy.scope(row.project):
        names = [str(row), getattr(row, "public_id", ""), getattr(row, "code", "")]
    return {name for name in names if len(name) > 4}


def test_lists_no_row_of_another_project(model, foreign, root):
    body = root.get(pages.url(model, "changelist")).content.decode()

    assert pages.url(model, "change", foreign.pk) not in body


def test_opens_no_page_of_another_project(model, foreign, root):
    found = {}
    for name, address in pages.addresses(model, foreign).items():
        if name in {"list", "add", "export", "import"}:
            continue
        answer = root.get(address)
        body = answer.content.decode()
        found[name] = answer.status_code
        assert not any(text in body for text in shown(foreign)), name

    assert set(found.values()) <= {302, 403, 404}


def test_searches_no_row_of_another_project(model, foreign, root):
    page = admin.site.get_model_admin(model)
    if not page.search_fields:
        return
    for text in shown(foreign):
        body = root.get(pages.url(model, "changelist"), {"q": text}).content.decode()

        assert pages.url(model, "change", foreign.pk) not in body


def exported(page, project):
    """The form that exports every column of the first resource as CSV."""
    resource = page.resource_classes[0]
    columns = {f"{resource.__name__.lower()}_{name}": "on" for name in resource().fields}
    return {"_project": project.public_id, "format": "0", "resource": "0", **columns}


def test_exports_no_row_of_another_project(model, foreign, root, project):
    page = admin.site.get_model_admin(model)
    if not page.resource_classes:
        return
    answer = root.post(pages.url(model, "export"), exported(page, project))

    sent = answer.getvalue().decode()
    assert not any(text in sent for text in shown(foreign))


def test_deletes_no_row_of_another_project(model, foreign, root, project):
    root.post(
        pages.url(model, "changelist"),
        {
            "action": "delete_selected",
            "_selected_action": [foreign.pk],
            "post": "yes",
            "_project": project.public_id,
        },
    )

    assert model._base_manager.filter(pk=foreign.pk).exists()
