"""Forgetting customers. What they did stays, under their public id only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import Q

from customers import events, queries
from customers.models import Customer, CustomerSummary, SegmentMembership
from customers.services import customers
from loyalty_project.core.models import (
    AsyncAction,
    IdempotencyRecord,
    OutboxEvent,
    Project,
    RefusedRows,
)
from loyalty_project.core.models.base import new_id

# Imports that say whom they refused.
_OF_PEOPLE = r"^(CUSTOMERS|SEGMENTS)\."
_CLEARED: dict[str, Any] = {
    "source_id": None,
    "tracking_id": None,
    "name": "",
    "description": "",
    "email": "",
    "phone": "",
    "birth_on": None,
    "address_line_1": "",
    "address_line_2": "",
    "city": "",
    "state": "",
    "postal_code": "",
    "country": "",
    "search_name": "",
    "metadata": {},
}


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was removed for good, and when."""

    id: str
    customer_id: str
    event_types: tuple[str, ...]
    at: datetime


def delete(*, project: Project, reference: str, at: datetime) -> None:
    """Remove the profile; its source id can be used again. The audit history stays.

    Raises NotFound.
    """
    with transaction.atomic():
        customer = customers.locked(customer=queries.get(reference=reference))
        customer.project = project
        events.deleted(customer, at=at)
        _clear(customer, at=at)


def erase(*, project: Project, reference: str, at: datetime) -> Erasure:
    """Remove the profile, its history, its events and all copies for good. Raises NotFound."""
    with transaction.atomic():
        customer = customers.locked(customer=queries.get(reference=reference))
        customer.project = project
        _allow_erasure()
        about = OutboxEvent.objects.filter(about=customer.public_id) | OutboxEvent.objects.filter(
            subject=customer.public_id
        )
        types = tuple(about.values_list("type", flat=True))
        about.delete()
        _forget_copies(customer)
        _clear(customer, at=at)
        customer.history.all().delete()
        events.deleted(customer, at=at)
    return Erasure(new_id("del_"), customer.public_id, types, at)


def _clear(customer: Customer, *, at: datetime) -> None:
    for name, value in _CLEARED.items():
        setattr(customer, name, value)
    customer.anonymized_at = at
    customer.save()
    CustomerSummary.objects.filter(customer=customer).delete()
    SegmentMembership.objects.filter(customer=customer).delete()


def _forget_copies(customer: Customer) -> None:
    """What the admin logged, what imports reported, what is kept to answer a repeated request."""
    LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Customer), object_id=str(customer.pk)
    ).update(object_repr=customer.public_id, change_message="")
    IdempotencyRecord.objects.filter(
        project=customer.project, body__contains=customer.public_id
    ).delete()
    if customer.source_id:
        _forget_failures(customer.source_id)


def _forget_failures(source_id: str) -> None:
    row = [{"source_id": source_id}]
    reports = AsyncAction.objects.filter(
        Q(result__failed__contains=row) | Q(cursor__failed__contains=row), type__regex=_OF_PEOPLE
    )
    for action in reports.select_for_update(no_key=True):
        for report in (action.result, action.cursor):
            if report:
                report["failed"] = _others(report.get("failed", []), source_id)
        action.save(update_fields=["result", "cursor"])
    refused = RefusedRows.objects.filter(failures__contains=row, action__type__regex=_OF_PEOPLE)
    for chunk in refused.select_for_update(no_key=True, of=("self",)):
        chunk.failures = _others(chunk.failures, source_id)
        chunk.save(update_fields=["failures"])


def _others(failures: list[dict[str, Any]], source_id: str) -> list[dict[str, Any]]:
    return [failure for failure in failures if failure.get("source_id") != source_id]


def _allow_erasure() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('wafa.erase', 'on', true)")
