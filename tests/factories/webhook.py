from datetime import UTC, datetime

import factory

from loyalty_project.core.models import WebhookDelivery, WebhookEndpoint
from tests.factories.platform import OutboxEventFactory

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class WebhookEndpointFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = WebhookEndpoint

    target_url = factory.Sequence(lambda n: f"https://shop.example/hook/{n}")
    events = factory.LazyFunction(lambda: ["order.paid"])


class WebhookDeliveryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = WebhookDelivery

    endpoint = factory.SubFactory(WebhookEndpointFactory)
    event = factory.SubFactory(OutboxEventFactory)
    status = "DEAD"
    due_at = NOON
