"""Creating, changing and finding customers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from customers import events, queries
from customers.models import Customer
from customers.services import profile
from loyalty_project.core import metadata
from loyalty_project.core.errors import Conflict, Invalid, NotFound
from loyalty_project.core.models import Project

_SOURCE_ID_ONCE = "customers_customer_source_id"


class DuplicateSourceId(Conflict):
    """Another customer of the project has this source id."""


def upsert(*, project: Project, data: Mapping[str, Any] | str, at: datetime) -> Customer:
    """The customer that `data` names, made or changed as it says; its metadata is merged per key.

    `data` is a customer as on the wire; a string is an id or a source id. `id` goes before
    `source_id`; an unknown id alone is NotFound. Without either a new customer is made. Nothing
    is written or announced when nothing changes.
    """
    if isinstance(data, str):
        data = {"id": data} if data.startswith("cust_") else {"source_id": data}
    values = profile.read(data=data)
    customer = _named(data)
    if customer is not None:
        return _change(project, customer, values, at=at)
    return _create(project, values, at=at)


def create(*, project: Project, data: Mapping[str, Any], at: datetime) -> Customer:
    """A new customer. Raises DuplicateSourceId for the source id of another."""
    values = profile.read(data=data)
    if queries.find(reference=values.get("source_id", "")) is not None:
        raise _duplicate(values)
    return _create(project, values, at=at)


def update(*, project: Project, reference: str, data: Mapping[str, Any], at: datetime) -> Customer:
    """Change what `data` names; a source id that is set stays. Raises NotFound."""
    values = profile.read(data=data)
    return _change(project, queries.get(reference=reference), values, at=at)


def locked(*, customer: Customer) -> Customer:
    """The customer as stored now, held until the transaction ends."""
    found: Customer | None = (
        queries.all_customers().select_for_update(of=("self",)).filter(pk=customer.pk).first()
    )
    if found is None:
        raise NotFound.of("customer", customer.public_id)
    return found


def _duplicate(values: profile.Values) -> DuplicateSourceId:
    return DuplicateSourceId(
        f"Duplicated customer exists with source id {values.get('source_id')}",
        extra={"field": "source_id"},
    )


def _named(data: Mapping[str, Any]) -> Customer | None:
    public_id, source_id = data.get("id"), data.get("source_id")
    for name, value in (("id", public_id), ("source_id", source_id)):
        if value is not None and not isinstance(value, str):
            raise Invalid(f"Property .{name} must be string")
    found = queries.find(reference=public_id) if public_id else None
    if found is None and public_id and not source_id:
        raise NotFound.of("customer", str(public_id))
    if found is None and source_id:
        found = queries.find(reference=source_id)
    return found


def _create(project: Project, values: profile.Values, *, at: datetime) -> Customer:
    customer = Customer(project=project, created_at=at)
    profile.apply(customer=customer, values=values)
    metadata.check(project=project, resource="customer", values=customer.metadata)
    try:
        with transaction.atomic():
            customer.save()
            events.created(customer, at=at)
    except IntegrityError as error:
        winner = queries.find(reference=customer.source_id or "")
        if winner is None or _SOURCE_ID_ONCE not in str(error):
            raise
        return _change(project, winner, values, at=at)
    return customer


def _change(
    project: Project, customer: Customer, values: profile.Values, *, at: datetime
) -> Customer:
    customer.project = project
    if not profile.apply(customer=customer, values=values):
        return customer
    try:
        with transaction.atomic():
            customer = locked(customer=customer)
            customer.project = project
            changed = profile.apply(customer=customer, values=values)
            if changed:
                if "metadata" in changed:
                    metadata.check(project=project, resource="customer", values=customer.metadata)
                customer.save(update_fields=[*changed, "updated_at"])
                events.updated(customer, at=at)
    except IntegrityError as error:
        if _SOURCE_ID_ONCE not in str(error):
            raise
        raise _duplicate(values) from error
    return customer
