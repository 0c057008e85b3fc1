"""What holds on every page: no inline code, the project in each form, help at each field."""

import re

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.core.admin import pages

FORM = re.compile(r"<form\b[^>]*method=\"post\"[^>]*>(.*?)</form>", re.IGNORECASE | re.DOTALL)


@pytest.fixture(params=pages.MODELS, ids=pages.label)
def model(request):
    return request.param


@pytest.fixture
def row(model, project):
    return pages.make(model, project)


@pytest.fixture
def bodies(model, row, root):
    """`{page: html}` of the pages that answer."""
    found = {}
    for name, address in pages.addresses(model, row).items():
        answer = root.get(address)
        assert answer.status_code in {200, 302, 403, 404}, (name, answer.status_code)
        if answer.status_code == 200:
            found[name] = answer.content.decode()
    return found


def forms_without(field, body):
    return [form[:120] for form in FORM.findall(body) if field not in form]


def test_has_no_inline_code_and_names_the_project_in_every_form(bodies, project):
    field = f'name="_project" value="{project.public_id}"'

    assert {"list", "change"} <= set(bodies)
    inline = {name: pages.inline_code(body) for name, body in bodies.items()}
    assert {name: found for name, found in inline.items() if found} == {}
    assert {
        name: found for name, body in bodies.items() if (found := forms_without(field, body))
    } == {}


def test_sees_inline_code_and_a_form_without_its_project():
    assert pages.inline_code('<p style="x">')
    assert pages.inline_code("<script>x()</script>")
    assert pages.inline_code('<a onclick="x()">')
    assert not pages.inline_code('<script src="/static/x.js"></script><p class="style">')
    assert forms_without("_project", '<form method="post"><input name="x"></form>')


def test_writes_primary_keys_without_separators(model, project, root):
    row = pages.make(model, project)
    if isinstance(row.pk, str) or model is type(project):
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL wafa.erase = 'on'")  # what is append-only, too
    model._base_manager.filter(pk=row.pk).update(**{model._meta.pk.attname: 1_234_567})

    body = root.get(pages.url(model, "changelist")).content.decode()

    assert "1,234,567/change" not in body
    assert 'value="1,234,567"' not in body


def test_explains_every_field(model, row, root, rf):
    page = admin.site.get_model_admin(model)
    missing = set()
    for name in ("add", "change"):
        address = pages.addresses(model, row).get(name)
        answer = root.get(address)
        if answer.status_code != 200 or "adminform" not in (answer.context or {}):
            continue
        form = answer.context["adminform"].form
        missing |= {
            f"{name}: {field.name}"
            for field in form.visible_fields()
            if not field.help_text and field.name not in page.get_readonly_fields(rf.get("/"))
        }

    assert missing == set()


def test_asks_the_same_number_of_questions_for_more_rows(model, project, root):
    address = pages.url(model, "changelist")
    few = [pages.make(model, project) for _ in range(2)]
    root.get(address)
    with CaptureQueriesContext(connection) as before:
        root.get(address)
    more = [pages.make(model, project) for _ in range(6)]
    with CaptureQueriesContext(connection) as after:
        root.get(address)

    assert len(few) + len(more) == 8
    assert len(after) <= len(before), [query["sql"] for query in after.captured_queries]
    assert len(after) <= 30
