"""What other parts and receivers of webhooks learn about customers."""

from collections.abc import Iterable
from datetime import datetime

from customers import queries
from customers.models import Customer, Segment
from customers.serializers.customer import customer_json
from customers.serializers.segment import simple_segment_json
from loyalty_project.core import outbox


def created(customer: Customer, *, at: datetime) -> None:
    vars(customer)["gifts"] = (0, 0)  # Nobody has paid or holds anything before they are there.
    _emit("customer.created", customer, at=at)


def updated(customer: Customer, *, at: datetime) -> None:
    _emit("customer.updated", customer, at=at)


def deleted(customer: Customer, *, at: datetime) -> None:
    _emit("customer.deleted", customer, at=at)


def entered(segment: Segment, customers: Iterable[Customer], *, at: datetime) -> None:
    _moved("customer.segment.entered", segment, customers, at=at)


def left(segment: Segment, customers: Iterable[Customer], *, at: datetime) -> None:
    _moved("customer.segment.left", segment, customers, at=at)


def _moved(
    event_type: str, segment: Segment, customers: Iterable[Customer], *, at: datetime
) -> None:
    named = simple_segment_json(segment)
    customers = list(customers)
    queries.note_gifts(customers)
    happenings = [
        outbox.Happening(
            event_type,
            customer.public_id,
            {"customer": customer_json(customer), "segment": named},
            about=customer.public_id,
        )
        for customer in customers
    ]
    outbox.emit_all(happenings, project=segment.project, at=at)


def _emit(event_type: str, customer: Customer, *, at: datetime) -> None:
    outbox.emit(
        event_type,
        project=customer.project,
        subject=customer.public_id,
        about=customer.public_id,
        data={"customer": customer_json(customer)},
        at=at,
    )
