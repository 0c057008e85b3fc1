"""Every export is sent while it is read, opens in a spreadsheet, and runs no formula there."""

import csv
import io

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.http import StreamingHttpResponse

from customers.models import Customer
from customers.services import imports
from loyalty_project.core import csv_files, jobs
from loyalty_project.core.admin import csv_export, exporting, resources
from loyalty_project.core.models import Project
from tests.core.admin import pages
from tests.core.admin.test_walk_isolation import exported
from tests.factories.customer import CustomerFactory

FORMULAS = [
    "=1+1",
    "+1+1",
    "-2+3",
    "@sum(a1)",
    "+cmd|'/c calc'!a1",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＋1+1",
    "－2+3",
    "＠sum(a1)",
    "'=1+1",
    "''=1",
]
EXPORTED = sorted(
    (model for model, page in admin.site._registry.items() if getattr(page, "resource_classes", 0)),
    key=lambda model: model._meta.label,
)


def cells_of(answer):
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def fill(instance, text):
    """`text` in each text of the instance in memory, and of the rows that it refers to."""
    for field in instance._meta.concrete_fields:
        if isinstance(field, models.ForeignKey):
            other = getattr(instance, field.name)
            if other is not None and not isinstance(other, Project):
                fill(other, text)
        elif isinstance(field, models.CharField | models.TextField) and not field.choices:
            setattr(instance, field.name, text)
    return instance


@pytest.mark.parametrize("model", EXPORTED, ids=pages.label)
def test_no_cell_of_any_export_is_a_formula(model, in_project):
    page = admin.site.get_model_admin(model)
    (made,) = page.resource_classes
    pages.make(model, in_project)
    instance = model.objects.select_related(*page.list_select_related or []).get()

    for text in FORMULAS:
        cells = made().export_resource(fill(instance, text))

        assert not [cell for cell in cells if str(cell).startswith(tuple(csv_files.FORMULA_STARTS))]
        assert csv_files.neutral(text) in cells


@pytest.mark.parametrize("text", [*FORMULAS, "\x00=1"])
def test_a_formula_is_read_back_as_it_was(text):
    written = csv_files.neutral(text)

    assert (written, csv_files.original(written)) == (f"'{text}", text)


@pytest.mark.parametrize("text", ["+989121234567", "-12.50", "plain", "a=b", "it's", "'", 12, None])
def test_leaves_numbers_phones_and_words(text):
    assert csv_files.neutral(text) == csv_files.original(text) == text


def test_a_file_of_rows_is_sent_while_they_are_read():
    read = []

    def rows():
        for number in range(1000):
            read.append(number)
            yield [number, "＝1"]

    answer = csv_export.download("rows.csv", ["n", "t"], rows())
    parts = iter(answer.streaming_content)

    assert [next(parts).decode() for _ in range(3)] == ["\ufeffn,t\r\n", "0,'＝1\r\n", "1,'＝1\r\n"]
    assert read == [0, 1]


@pytest.mark.requirement(98)
@pytest.mark.parametrize("kind", ["0", "1"])
def test_a_list_page_exports_block_by_block(kind, in_project, staff, monkeypatch):
    for number in range(6):
        CustomerFactory(source_id=f"=c{number}", name="Zoë, “Ada”")
    monkeypatch.setattr(exporting, "BLOCK", 2)
    read = []
    whole = resources.ProjectResource.export_resource

    def counted(self, instance, **values):
        read.append(instance.pk)
        return whole(self, instance, **values)

    monkeypatch.setattr(resources.ProjectResource, "export_resource", counted)
    form = exported(admin.site.get_model_admin(Customer), in_project) | {"format": kind}

    answer = staff("Marketer").post(pages.url(Customer, "export"), form)

    assert isinstance(answer, StreamingHttpResponse)
    assert not read
    parts = iter(answer.streaming_content)
    assert [next(parts) for _ in range(2)]
    assert len(read) == 2
    assert b"'=c0" in b"".join(parts)
    assert len(read) == 6


def test_what_was_exported_is_imported_without_a_change(in_project, staff, at, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    for number, text in enumerate(FORMULAS[:5] + FORMULAS[8:]):
        CustomerFactory(source_id=f"c{number}", name=text, city=text, metadata={"note": text})
    before = list(Customer.objects.order_by("pk").values())
    form = exported(admin.site.get_model_admin(Customer), in_project)

    answer = staff("Marketer").post(pages.url(Customer, "export"), form)
    file = io.BytesIO(b"".join(answer.streaming_content))
    upload = SimpleUploadedFile("customers.csv", file.getvalue())
    action = imports.start_csv(project=in_project, upload=upload, at=at)
    jobs.run_due()

    action.refresh_from_db()
    assert (action.status, action.done, action.failed) == ("DONE", len(before), 0)
    assert list(Customer.objects.order_by("pk").values()) == before
