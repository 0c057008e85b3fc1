import factory

from redemptions.models import Order
from tests.factories.customer import CustomerFactory


class OrderFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Order

    source_id = factory.Sequence(lambda n: f"order-{n}")
    customer = factory.SubFactory(CustomerFactory)
    amount = 2000
    initial_amount = 2000
    total_amount = 2000
