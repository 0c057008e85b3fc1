"""What campaigns do about the events of other apps."""

from campaigns.services import apologies, publications
from loyalty_project.core import outbox
from loyalty_project.core.models import OutboxEvent


def forget_customer(event: OutboxEvent) -> None:
    publications.forget_customer(public_id=event.subject)
    apologies.forget_customer(public_id=event.subject)


outbox.subscribe("customer.deleted", forget_customer)
