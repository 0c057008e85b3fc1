from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers import queries
from customers.models import Customer
from customers.services import customers, tracking
from loyalty_project.core.errors import NotFound
from loyalty_project.core.metadata import MetadataValidationFailed
from loyalty_project.core.models import MetadataSchema, OutboxEvent
from loyalty_project.core.reading import WrongMember

ADA = {
    "source_id": "ada",
    "name": " Ada Lovelace ",
    "email": "ada@example.com",
    "phone": "+49 30 123",
    "birthdate": "1815-12-10",
    "address": {"city": "London", "line_1": "12 St James's Square"},
    "metadata": {"tier": "gold"},
}


@pytest.fixture
def project(in_project):
    return in_project


def upsert(project, data, at):
    return customers.upsert(project=project, data=data, at=at)


def event_types():
    return list(OutboxEvent.objects.order_by("pk").values_list("type", flat=True))


class TestUpsert:
    def test_makes_a_customer_and_says_so(self, project, at):
        customer = upsert(project, ADA, at)

        stored = Customer.objects.get()
        assert stored.public_id == customer.public_id
        assert stored.public_id.startswith("cust_")
        assert (stored.name, stored.city, stored.birth_on) == (
            "Ada Lovelace",
            "London",
            date(1815, 12, 10),
        )
        assert stored.created_at == at
        event = OutboxEvent.objects.get()
        assert (event.type, event.subject, event.about) == (
            "customer.created",
            customer.public_id,
            customer.public_id,
        )
        assert event.data["customer"]["email"] == "ada@example.com"

    def test_changes_the_one_of_the_source_id_and_merges_metadata(self, project, at):
        first = upsert(project, ADA, at)

        second = upsert(
            project,
            {"source_id": "ada", "name": "Ada King", "metadata": {"city": "Ockham"}},
            at,
        )

        assert second.pk == first.pk
        stored = Customer.objects.get()
        assert stored.name == "Ada King"
        assert stored.email == "ada@example.com"
        assert stored.metadata == {"tier": "gold", "city": "Ockham"}
        assert event_types() == ["customer.created", "customer.updated"]
        assert list(stored.history.values_list("history_type", flat=True)) == ["~", "+"]

    def test_goes_by_the_id_before_the_source_id(self, project, at):
        first = upsert(project, ADA, at)

        second = upsert(
            project, {"id": first.public_id, "source_id": "other", "name": "Countess"}, at
        )

        assert second.pk == first.pk
        assert (second.name, second.source_id) == ("Countess", "ada")

    def test_takes_a_bare_source_id_or_id(self, project, at):
        first = upsert(project, "ada", at)

        assert upsert(project, "ada", at).pk == first.pk
        assert upsert(project, first.public_id, at).pk == first.pk
        assert Customer.objects.count() == 1

    def test_is_quiet_when_nothing_changes(self, project, at):
        upsert(project, ADA, at)

        with CaptureQueriesContext(connection) as captured:
            upsert(project, ADA, at + timedelta(days=1))

        assert len(captured) == 1
        assert event_types() == ["customer.created"]

    def test_refuses_an_unknown_id_alone(self, project, at):
        with pytest.raises(NotFound, match="Cannot find customer with id cust_unknown"):
            upsert(project, {"id": "cust_unknown"}, at)

        assert not Customer.objects.exists()

    @pytest.mark.parametrize(
        ("data", "details"),
        [
            ({"name": 5}, "Property .name must be string"),
            ({"name": "x" * 256}, "Property .name must NOT have more than 255 characters"),
            ({"address": "here"}, "Property .address must be object"),
            ({"address": {"city": []}}, "Property .address.city must be string"),
            ({"birthdate": "soon"}, 'Property .birthdate must match format "date"'),
            ({"metadata": "gold"}, "Property .metadata must be object"),
        ],
    )
    def test_names_the_wrong_member(self, project, at, data, details):
        with pytest.raises(WrongMember) as caught:
            upsert(project, {"source_id": "ada", **data}, at)

        assert caught.value.details == details
        assert not Customer.objects.exists()

    def test_holds_the_metadata_schema(self, project, at):
        MetadataSchema.objects.create(
            related_object="customer", properties={"tier": {"type": "number", "optional": True}}
        )

        with pytest.raises(MetadataValidationFailed, match="tier: must be a number"):
            upsert(project, ADA, at)

        assert not Customer.objects.exists()
        assert event_types() == []

    def test_changes_the_one_that_another_request_made_first(self, project, at, monkeypatch):
        upsert(project, ADA, at)
        monkeypatch.setattr(customers, "_named", lambda _data: None)

        upsert(project, {"source_id": "ada", "name": "Ada King"}, at)

        assert Customer.objects.get().name == "Ada King"
        assert event_types() == ["customer.created", "customer.updated"]

    def test_finds_by_the_tracking_id_that_it_gave_out(self, project, at):
        customer = upsert(project, ADA, at)
        given_out = tracking.encode(project=project, raw="ada")

        assert given_out.startswith("track_")
        assert "ada" not in given_out
        assert queries.find_tracked(tracking_id="ada") == customer
        assert queries.find_tracked(tracking_id=given_out) == customer
        assert tracking.encode(project=project, raw=given_out) == given_out


class TestUpdate:
    def test_clears_with_null_and_leaves_the_rest(self, project, at):
        upsert(project, ADA, at)

        customers.update(
            project=project,
            reference="ada",
            data={"phone": None, "address": None, "birthdate": None},
            at=at,
        )

        stored = Customer.objects.get()
        assert (stored.phone, stored.city, stored.birth_on) == ("", "", None)
        assert stored.name == "Ada Lovelace"

    def test_never_changes_a_source_id(self, project, at):
        upsert(project, ADA, at)

        customers.update(project=project, reference="ada", data={"source_id": "eve"}, at=at)

        assert Customer.objects.get().source_id == "ada"

    def test_refuses_the_source_id_of_another(self, project, at):
        upsert(project, ADA, at)
        nameless = upsert(project, {"name": "Nameless"}, at)

        with pytest.raises(customers.DuplicateSourceId) as caught:
            customers.update(
                project=project, reference=nameless.public_id, data={"source_id": "ada"}, at=at
            )

        assert caught.value.details == "Duplicated customer exists with source id ada"
        nameless.refresh_from_db()
        assert nameless.source_id is None

    def test_refuses_an_unknown_customer(self, project, at):
        with pytest.raises(NotFound):
            customers.update(project=project, reference="ada", data={}, at=at)


class TestSearch:
    @pytest.mark.parametrize(
        "words", ["ada", "LOVE ada", "ada@exa", "+49 30", "4930123", "علي", "ISTANBUL istan"]
    )
    def test_finds_words_by_their_beginning(self, project, at, words):
        upsert(project, {**ADA, "name": "Ada Lovelace علی İstanbul"}, at)
        upsert(project, {"name": "Grace Hopper"}, at)

        found = queries.matching(queries.all_customers(), words)

        assert [customer.source_id for customer in found] == ["ada"]

    def test_finds_nobody_by_signs_alone(self, project, at):
        upsert(project, ADA, at)

        assert list(queries.matching(queries.all_customers(), "!!!")) == []
        assert queries.matching(queries.all_customers(), " ").count() == 1
