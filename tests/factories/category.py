import factory

from campaigns.models import Category


class CategoryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Category

    name = factory.Sequence(lambda n: f"Season {n}")
    hierarchy = factory.Sequence(lambda n: n)
