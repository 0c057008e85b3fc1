import factory

from campaigns.models import Jurisdiction


class JurisdictionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Jurisdiction

    code = factory.Sequence(lambda n: f"US-{n}")
    name = factory.LazyAttribute(lambda law: f"State {law.code}")
