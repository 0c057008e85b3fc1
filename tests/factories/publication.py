import factory

from campaigns.models import Publication
from tests.factories.customer import CustomerFactory
from tests.factories.voucher import VoucherFactory


class PublicationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Publication

    voucher = factory.SubFactory(VoucherFactory)
    voucher_ids = factory.LazyAttribute(lambda publication: [publication.voucher.public_id])
    customer = factory.SubFactory(CustomerFactory)
