import factory

from customers.models import Customer
from loyalty_project.core import search


class CustomerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Customer

    source_id = factory.Sequence(lambda n: f"shop-{n}")
    name = factory.Sequence(lambda n: f"Ada Lovelace {n}")
    email = factory.LazyAttribute(lambda customer: f"{customer.source_id}@example.com")
    search_name = factory.LazyAttribute(
        lambda customer: search.words(customer.name, customer.email, customer.source_id)
    )
