import factory

from campaigns.models import CampaignType, PromotionStack, PromotionTier, StackedTier
from tests.factories.campaign import CampaignFactory, DefinitionVersionFactory

TEN_OFF = {"type": "AMOUNT", "amount_off": 1000}


class PromotionFactory(CampaignFactory):
    """A campaign without codes."""

    campaign_type = CampaignType.PROMOTION
    definition = None
    voucher_template = None
    use_voucher_metadata_schema = False


class PromotionTierFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PromotionTier

    campaign = factory.SubFactory(PromotionFactory)
    name = factory.Sequence(lambda n: f"Tier {n}")
    hierarchy = factory.Sequence(lambda n: n + 1)
    definition = factory.SubFactory(
        DefinitionVersionFactory,
        data=factory.LazyFunction(lambda: {"type": "PROMOTION_TIER", "discount": TEN_OFF}),
    )


class PromotionStackFactory(factory.django.DjangoModelFactory):
    """`PromotionStackFactory(tiers=[…])`; none unless they are given."""

    class Meta:
        model = PromotionStack
        skip_postgeneration_save = True

    campaign = factory.SubFactory(PromotionFactory)
    name = factory.Sequence(lambda n: f"Stack {n}")

    @factory.post_generation
    def tiers(self, _create, given, **_options):
        for position, tier in enumerate(given or []):
            StackedTier.objects.create(stack=self, tier=tier, position=position)


def stack_of_one(**values):
    """A stack of one new tier."""
    tier = PromotionTierFactory(campaign=PromotionFactory(**values.pop("campaign", {})))
    return PromotionStackFactory(campaign=tier.campaign, tiers=[tier], **values)
