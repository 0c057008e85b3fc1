"""What other parts and receivers of webhooks learn about customers."""

from datetime import datetime

from customers.models import Customer
from customers.serializers.customer import customer_json
from loyalty_project.core import outbox


def created(customer: Customer, *, at: datetime) -> None:
    _emit("customer.created", customer, at=at)


def updated(customer: Customer, *, at: datetime) -> None:
    _emit("customer.updated", customer, at=at)


def deleted(customer: Customer, *, at: datetime) -> None:
    _emit("customer.deleted", customer, at=at)


def _emit(event_type: str, customer: Customer, *, at: datetime) -> None:
    outbox.emit(
        event_type,
        project=customer.project,
        subject=customer.public_id,
        about=customer.public_id,
        data={"customer": customer_json(customer)},
        at=at,
    )
