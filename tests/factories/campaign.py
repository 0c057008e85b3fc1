import factory

from campaigns.models import Campaign, DefinitionVersion
from loyalty_project.core import codes

TEN_PERCENT = {"type": "PERCENT", "percent_off": 10}


class DefinitionVersionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DefinitionVersion

    data = factory.LazyFunction(lambda: {"type": "DISCOUNT_VOUCHER", "discount": TEN_PERCENT})


class CampaignFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Campaign

    name = factory.Sequence(lambda n: f"Autumn {n}")
    definition = factory.SubFactory(DefinitionVersionFactory)
    voucher_template = factory.LazyAttribute(
        lambda campaign: {
            **campaign.definition.data,
            "redemption": {"quantity": 1},
            "code_config": {
                "length": 8,
                "charset": codes.ALPHANUMERIC,
                "pattern": "########",
            },
            "is_referral_code": False,
        }
    )
