import factory

from rewards.models import Sku
from tests.factories.product import ProductFactory


class SkuFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Sku

    product = factory.SubFactory(ProductFactory)
    source_id = factory.Sequence(lambda n: f"beans-250-{n}")
    sku = "250 g, whole"
