import pytest

from customers.models import Customer
from customers.services import imports
from loyalty_project.core import jobs
from loyalty_project.core.errors import Invalid
from loyalty_project.core.models import AsyncAction
from tests.factories.customer import CustomerFactory


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def project(in_project):
    return in_project


class TestBulk:
    def test_upserts_by_source_id(self, project, at):
        CustomerFactory(source_id="ada", name="Ada", metadata={"a": 1})

        action = imports.start_bulk(
            project=project,
            rows=[
                {"source_id": "ada", "metadata": {"b": 2}},
                {"source_id": "grace", "address": {"city": "New York"}},
                {"source_id": "grace", "name": "Grace"},
                {"source_id": "eve", "email": 5},
            ],
            at=at,
        )
        jobs.run_due()

        action.refresh_from_db()
        assert (action.type, action.done, action.failed) == ("CUSTOMERS.BULK_UPDATE", 3, 1)
        assert action.result["failed"] == [
            {"source_id": "eve", "row": 4, "reason": "Property .email must be string"}
        ]
        assert Customer.objects.get(source_id="ada").metadata == {"a": 1, "b": 2}
        grace = Customer.objects.get(source_id="grace")
        assert (grace.name, grace.city) == ("Grace", "New York")

    @pytest.mark.parametrize(
        ("row", "details"),
        [
            ("ada", "Property [0] must be object"),
            ({"name": "Ada"}, "Property [0] should have required property 'source_id'"),
        ],
    )
    def test_refuses_a_row_that_names_nobody(self, project, at, row, details):
        with pytest.raises(Invalid) as caught:
            imports.start_bulk(project=project, rows=[row], at=at)

        assert caught.value.details == details
        assert not AsyncAction.objects.exists()


class TestMetadata:
    def test_gives_all_the_same_and_makes_who_is_missing(self, project, at):
        CustomerFactory(source_id="ada", metadata={"a": 1})

        imports.start_metadata(
            project=project, source_ids=["ada", "grace"], values={"tier": "gold"}, at=at
        )
        jobs.run_due()

        found = Customer.objects.order_by("source_id").values_list("source_id", "metadata")
        assert list(found) == [("ada", {"a": 1, "tier": "gold"}), ("grace", {"tier": "gold"})]
