import factory

from loyalty_project.core import search
from rewards.models import Product


class ProductFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Product

    source_id = factory.Sequence(lambda n: f"beans-{n}")
    name = factory.Sequence(lambda n: f"House blend {n}")
    price = 1250
    search_name = factory.LazyAttribute(
        lambda product: search.words(product.name, product.source_id)
    )
