import factory

from campaigns import queries
from campaigns.models import UsageDelta, Voucher
from loyalty_project.core import codes
from tests.factories.campaign import DefinitionVersionFactory


class VoucherFactory(factory.django.DjangoModelFactory):
    """A code of its own, used once; pass `campaign` for one of a campaign."""

    class Meta:
        model = Voucher

    code = factory.Sequence(lambda n: f"WELCOME-{n}")
    code_key = factory.LazyAttribute(lambda voucher: codes.normalize(voucher.code))
    definition = factory.SubFactory(DefinitionVersionFactory)
    redemption_limit = 1


class UsageDeltaFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = UsageDelta

    voucher = factory.SubFactory(VoucherFactory, redemption_limit=None)
    count = 1


def uses_of(voucher):
    """How often the code is redeemed now, as the wire says it."""
    return queries.redeemed_of(queries.all_vouchers().get(pk=voucher.pk))
