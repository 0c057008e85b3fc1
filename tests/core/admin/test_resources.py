"""Imports write the project and history, exports run no formula."""

import pytest
import tablib

from loyalty_project.core import context, tenancy
from loyalty_project.core.admin import resources
from loyalty_project.core.models import MetadataSchema
from tests.factories.platform import MetadataSchemaFactory
from tests.factories.user import UserFactory


class SchemaResource(resources.ProjectResource):
    class Meta(resources.ProjectResource.Meta):
        model = MetadataSchema
        import_id_fields = ["related_object"]
        fields = ["related_object", "allow_defined_only"]


class BulkResource(SchemaResource):
    class Meta(SchemaResource.Meta):
        use_bulk = True
        skip_unchanged = False
        skip_diff = True


ROWS = tablib.Dataset(
    ("customer", "1"), ("order", "0"), headers=["related_object", "allow_defined_only"]
)


@pytest.fixture(params=[SchemaResource, BulkResource])
def resource(request):
    return request.param()


@pytest.fixture
def ada(db):
    user = UserFactory(username="ada")
    with context.acting(user=user, ip="203.0.113.7"):
        yield user


def test_writes_the_rows_into_the_project(resource, in_project, ada):
    result = resource.import_data(ROWS, raise_errors=True)

    assert result.totals["new"] == 2
    assert {row.project for row in MetadataSchema.objects.all()} == {in_project}


def test_writes_history(resource, in_project, ada):
    MetadataSchemaFactory(related_object="customer")
    before = MetadataSchema.history.count()

    resource.import_data(ROWS, raise_errors=True)

    written = MetadataSchema.history.all()[:2]
    assert MetadataSchema.history.count() == before + 2
    assert {row.history_user for row in written} == {ada}
    assert {row.ip for row in written} == {"203.0.113.7"}
    assert {(row.related_object, row.history_type) for row in written} == {
        ("customer", "~"),
        ("order", "+"),
    }


def test_changes_no_row_of_another_project(resource, in_project, other_project, ada):
    with tenancy.scope(other_project):
        foreign = MetadataSchemaFactory(related_object="customer")

    resource.import_data(ROWS, raise_errors=True)

    foreign.refresh_from_db()
    assert foreign.allow_defined_only is False
    assert MetadataSchema.objects.count() == 2


def test_refuses_a_file_that_is_too_long(in_project):
    rows = tablib.Dataset(headers=ROWS.headers)
    for number in range(resources.MAX_ROWS + 1):
        rows.append((f"shelf{number}", "0"))

    result = SchemaResource().import_data(rows)

    assert "at most 1000" in str(result.base_errors[0].error)
    assert not MetadataSchema.objects.exists()


def test_exports_a_formula_as_text(in_project):
    MetadataSchemaFactory(related_object="=HYPERLINK(1)")

    exported = SchemaResource().export(MetadataSchema.objects.all())

    assert exported["related_object"] == ["'=HYPERLINK(1)"]


def test_reads_back_what_it_exported(in_project):
    MetadataSchemaFactory(related_object="=HYPERLINK(1)")

    exported = SchemaResource().export(MetadataSchema.objects.all())
    result = SchemaResource().import_data(exported, raise_errors=True)

    assert result.totals["skip"] == 1
    assert MetadataSchema.objects.count() == 1
