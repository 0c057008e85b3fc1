import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, transaction

from customers import queries
from customers.models import Customer, CustomerSummary
from customers.services import customers, erasure, totals
from loyalty_project.core import guarded
from loyalty_project.core.errors import NotFound
from loyalty_project.core.models import AsyncAction, IdempotencyRecord, OutboxEvent, RefusedRows
from tests.factories.user import UserFactory

ADA = {"source_id": "ada", "name": "Ada", "email": "ada@example.com", "metadata": {"a": 1}}


@pytest.fixture
def project(in_project):
    return in_project


@pytest.fixture
def ada(project, at):
    customer = customers.upsert(project=project, data=ADA, at=at)
    with transaction.atomic():
        guarded.run([totals.order(customer=customer, amount=1000, sign=1, at=at)])
    return customer


def assert_forgotten(customer, at):
    stored = Customer.objects.get(pk=customer.pk)
    assert stored.public_id == customer.public_id
    assert (stored.name, stored.email, stored.source_id, stored.search_name) == ("", "", None, "")
    assert (stored.metadata, stored.anonymized_at) == ({}, at)
    assert not CustomerSummary.objects.exists()


class TestDelete:
    def test_leaves_the_public_id_only(self, project, ada, at):
        erasure.delete(project=project, reference="ada", at=at)

        assert_forgotten(ada, at)
        assert queries.find(reference="ada") is None
        assert queries.find(reference=ada.public_id) is None
        event = OutboxEvent.objects.latest("pk")
        assert (event.type, event.data["customer"]["email"]) == (
            "customer.deleted",
            "ada@example.com",
        )

    def test_keeps_the_audit_history(self, project, ada, at):
        erasure.delete(project=project, reference="ada", at=at)

        names = Customer.history.order_by("history_id").values_list("name", flat=True)
        assert list(names) == ["Ada", ""]

    def test_frees_the_source_id(self, project, ada, at):
        erasure.delete(project=project, reference="ada", at=at)

        again = customers.upsert(project=project, data=ADA, at=at)

        assert again.public_id != ada.public_id

    def test_refuses_an_unknown_customer(self, project, at):
        with pytest.raises(NotFound):
            erasure.delete(project=project, reference="ada", at=at)


class TestErase:
    def test_removes_history_and_events_for_good(self, project, ada, at):
        done = erasure.erase(project=project, reference="ada", at=at)

        assert_forgotten(ada, at)
        assert not Customer.history.exists()
        assert done.customer_id == ada.public_id
        assert done.id.startswith("del_")
        assert done.event_types == ("customer.created",)
        event = OutboxEvent.objects.get()
        assert event.type == "customer.deleted"
        assert event.data["customer"]["id"] == ada.public_id
        assert "email" not in event.data["customer"]

    def test_removes_the_copies_elsewhere(self, project, ada, at):
        kind = ContentType.objects.get_for_model(Customer)
        entry = LogEntry.objects.create(
            user=UserFactory(),
            content_type=kind,
            object_id=str(ada.pk),
            object_repr="Ada",
            action_flag=2,
            change_message="Ada",
        )
        failed = [{"source_id": name, "row": 1, "reason": "wrong"} for name in ("ada", "eve")]
        action = AsyncAction.objects.create(
            type="CUSTOMERS.IMPORT_CSV", result={"failed": failed}, cursor={"failed": failed}
        )
        rows = RefusedRows.objects.create(project=project, action=action, failures=failed)
        for key, body in (("k1", f'{{"id":"{ada.public_id}","name":"Ada"}}'), ("k2", "{}")):
            IdempotencyRecord.objects.create(
                project=project, key=key, body=body, status=200, expires_at=at
            )

        erasure.erase(project=project, reference="ada", at=at)

        entry.refresh_from_db()
        action.refresh_from_db()
        rows.refresh_from_db()
        assert (entry.object_repr, entry.change_message) == (ada.public_id, "")
        assert action.result == action.cursor == {"failed": failed[1:]}
        assert rows.failures == failed[1:]
        assert [record.key for record in IdempotencyRecord.objects.all()] == ["k2"]

    @pytest.mark.requirement(185)
    def test_is_the_only_way_into_the_history(self, ada):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            Customer.history.all().delete()

        assert Customer.history.count() == 1
