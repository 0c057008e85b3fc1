"""Groups of customers with a fixed list of members."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from customers import events, queries
from customers.models import Customer, Segment, SegmentMembership, SegmentType
from loyalty_project.core import references
from loyalty_project.core.errors import Conflict, Invalid, NotFound
from loyalty_project.core.models import Project
from loyalty_project.core.services import projects

RESOURCE = "segment"
MEMBERS_MAX = 20_000
_BATCH = 1000
# Published types that a filter fills.
LATER = ("auto-update", "passive")


class NotAvailable(Invalid):
    """A published type that a later feature brings."""


class DuplicateSegment(Conflict):
    """Another segment has this name."""

    message = "Duplicated resource found"


class UnknownMember(Invalid):
    """A customer of the request does not exist."""

    key = "resource_not_found"
    message = "Resource not found"


class SegmentFull(Invalid):
    """A fixed list holds MEMBERS_MAX customers."""


def create(*, project: Project, data: Mapping[str, Any], at: datetime) -> Segment:
    """Make a segment from the published `{name, type, customers}`.

    `customers` are ids or source ids; that they are in it from the start is not announced.
    Raises NotAvailable for the types that a filter fills.
    """
    kind = data.get("type") or SegmentType.STATIC
    if kind in LATER:
        raise NotAvailable(
            f"Property .type {kind} is not available: segments with a filter are not supported yet"
        )
    members = _named(data.get("customers") or ())
    segment = Segment(project=project, name=data["name"], type=kind, created_at=at)
    with _unique_name(segment.name), transaction.atomic():
        segment.save()
        _insert(segment, members, at=at)
        projects.bump_version(project=project)
    return segment


def rename(*, project: Project, segment: Segment, name: str, at: datetime) -> Segment:
    """Give the segment another name."""
    del at
    with _unique_name(name), transaction.atomic():
        segment.name = name
        segment.save(update_fields=["name", "updated_at"])
        projects.bump_version(project=project)
    return segment


def add(
    *, project: Project, segment: Segment, customers: Iterable[Customer], at: datetime
) -> list[Customer]:
    """Put customers into the segment; those who were not in it. Raises SegmentFull."""
    with transaction.atomic():
        locked = _locked(project, segment)
        new = _insert(locked, list({row.pk: row for row in customers}.values()), at=at)
        events.entered(locked, new, at=at)
        return new


def remove(
    *, project: Project, segment: Segment, customers: Iterable[Customer], at: datetime
) -> list[Customer]:
    """Take customers out of the segment; those who were in it."""
    with transaction.atomic():
        locked = _locked(project, segment)
        rows = list({row.pk: row for row in customers}.values())
        members = SegmentMembership.objects.filter(segment=locked, customer__in=rows)
        inside = set(members.values_list("customer", flat=True))
        members.delete()
        gone = [customer for customer in rows if customer.pk in inside]
        events.left(locked, gone, at=at)
        return gone


def delete(*, project: Project, segment: Segment, at: datetime) -> None:
    """Delete a segment that nothing names. Raises references.ResourceInUse, NotFound."""
    del at
    with transaction.atomic():
        # Who names it holds the row, too, until that can be seen.
        _locked(project, segment)
        references.refuse_named(RESOURCE, segment.public_id)
        segment.delete()
        projects.bump_version(project=project)


def _locked(project: Project, segment: Segment) -> Segment:
    """The segment as stored now, held until the transaction ends."""
    found: Segment | None = Segment.objects.select_for_update().filter(pk=segment.pk).first()
    if found is None:
        raise NotFound.of("segment", segment.public_id)
    found.project = project
    return found


def _insert(segment: Segment, customers: Sequence[Customer], *, at: datetime) -> list[Customer]:
    members = SegmentMembership.objects.filter(segment=segment)
    inside = set(members.filter(customer__in=customers).values_list("customer", flat=True))
    new = [customer for customer in customers if customer.pk not in inside]
    if new and members.count() + len(new) > MEMBERS_MAX:
        raise SegmentFull(f"A segment can have {MEMBERS_MAX} customers")
    rows = [
        SegmentMembership(project=segment.project, segment=segment, customer=row, created_at=at)
        for row in new
    ]
    SegmentMembership.objects.bulk_create(rows, batch_size=_BATCH)
    return new


def _named(given: Sequence[str]) -> list[Customer]:
    """The customers of a request, each once. Raises UnknownMember."""
    known = queries.by_references(references=set(given))
    found: dict[int, Customer] = {}
    for reference in given:
        customer = known.get(reference)
        if customer is None:
            raise UnknownMember(
                f"Cannot find customer with id {reference}",
                resource_id=reference,
                resource_type="customer",
            )
        found[customer.pk] = customer
    return list(found.values())


@contextmanager
def _unique_name(name: str) -> Iterator[None]:
    """Turns the clash of names into the published answer."""
    try:
        yield
    except IntegrityError as error:
        if "customers_segment_name" not in str(error):
            raise
        raise DuplicateSegment(
            f"Duplicated segment exists with name {name}",
            resource_id=name,
            resource_type=RESOURCE,
            extra={"field": "name"},
        ) from error
