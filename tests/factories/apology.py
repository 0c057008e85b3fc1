import factory

from campaigns.models import Apology
from tests.factories.customer import CustomerFactory
from tests.factories.user import UserFactory
from tests.factories.voucher import VoucherFactory


class ApologyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Apology

    voucher = factory.SubFactory(VoucherFactory)
    customer = factory.SubFactory(CustomerFactory)
    agent = factory.SubFactory(UserFactory)
    reason = "The parcel was late."
    percent = 100_000
