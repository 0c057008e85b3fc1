import factory

from campaigns.models import DefinitionVersion, RuleAssignment, ValidationRule

FROM_TEN = {"1": {"name": "order.amount", "conditions": {"$more_than_or_equal": [1000]}}}


class ValidationRuleFactory(factory.django.DjangoModelFactory):
    """Pass `rules` for its numbered rules; without them an order of 10.00 or more."""

    class Meta:
        model = ValidationRule

    class Params:
        rules = FROM_TEN

    name = "From 10"
    definition = factory.LazyAttribute(
        lambda rule: DefinitionVersion.objects.create(
            data={
                "type": "validation_rule",
                "rules": rule.rules,
                "applicable_to": {"included": [], "excluded": [], "included_all": False},
            }
        )
    )


class RuleAssignmentFactory(factory.django.DjangoModelFactory):
    """Pass `campaign`, `voucher` or `promotion_tier`."""

    class Meta:
        model = RuleAssignment

    rule = factory.SubFactory(ValidationRuleFactory)
