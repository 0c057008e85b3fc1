"""Reading what happened, across all apps."""

from django.db.models import Q, QuerySet

from customers.models import Customer
from loyalty_project.core.models import OutboxEvent

PREFIX = "customer."
# The published activities. Events of orders, redemptions … come without the prefix in the outbox.
ACTIONS = frozenset(
    {
        "customer.confirmed",
        "customer.created",
        "customer.updated",
        "customer.deleted",
        "customer.referred",
        "customer.custom_event",
        "customer.validation.succeeded",
        "customer.validation.failed",
        "customer.redemption.succeeded",
        "customer.redemption.failed",
        "customer.redemption.rollback.succeeded",
        "customer.redemption.rollback.failed",
        "customer.order.created",
        "customer.order.updated",
        "customer.order.processing",
        "customer.order.paid",
        "customer.order.fulfilled",
        "customer.order.canceled",
        "customer.reward_redemptions.created",
    }
)
EFFECTS = frozenset(
    {
        "customer.segment.entered",
        "customer.segment.left",
        "customer.sms.sent",
        "customer.sms.recovered",
        "customer.sms.failed",
        "customer.email.sent",
        "customer.email.recovered",
        "customer.email.failed",
        "customer.rewarded",
        "customer.rewarded.loyalty_points",
        "customer.voucher.gift.balance_added",
        "customer.voucher.loyalty_card.pending_points.activated",
        "customer.voucher.loyalty_card.pending_points.added",
        "customer.voucher.loyalty_card.pending_points.canceled",
        "customer.voucher.loyalty_card.pending_points.updated",
        "customer.voucher.loyalty_card.points_activated",
        "customer.voucher.loyalty_card.points_added",
        "customer.voucher.loyalty_card.points_transferred",
        "customer.voucher.loyalty_card.points_expired",
        "customer.voucher.deleted",
        "customer.publication.succeeded",
        "customer.publication.failed",
        "customer.reward_redemptions.pending",
        "customer.reward_redemptions.completed",
        "customer.reward_redemptions.rolledback",
        "customer.loyalty.updated",
        "customer.loyalty.tier.upgraded",
        "customer.loyalty.tier.downgraded",
        "customer.loyalty.tier.prolonged",
        "customer.loyalty.tier.expiration.changed",
        "customer.loyalty.tier.joined",
        "customer.loyalty.tier.left",
        "customer.holder.assignment.created",
        "customer.holder.assignment.deleted",
    }
)
CATEGORIES = {"ACTION": ACTIONS, "EFFECT": EFFECTS}


def activity(customer: Customer) -> QuerySet[OutboxEvent]:
    """What happened to a customer and is a published activity."""
    return OutboxEvent.objects.filter(of_types(ACTIONS | EFFECTS), about=customer.public_id)


def of_types(names: frozenset[str]) -> Q:
    """Events of these activities, under either of their names."""
    return Q(type__in=names | {name.removeprefix(PREFIX) for name in names})


def activity_type(event: OutboxEvent) -> str:
    """The published name, e.g. `customer.redemption.succeeded`."""
    return event.type if event.type.startswith(PREFIX) else PREFIX + event.type
