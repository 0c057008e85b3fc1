import factory

from campaigns.models import StackingRules


class StackingRulesFactory(factory.django.DjangoModelFactory):
    """A project has one set of rules: another call gives the same."""

    class Meta:
        model = StackingRules
        django_get_or_create = ["project"]
