import factory

from loyalty_project.core.models import Project


class ProjectFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Project

    name = factory.Sequence(lambda n: f"Roaster {n}")
    slug = factory.Sequence(lambda n: f"roaster-{n}")
    currency = "EUR"
    timezone = "Europe/Berlin"
