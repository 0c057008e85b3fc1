import factory

from loyalty_project.core import clock
from redemptions.models import Redemption, RedemptionRollback
from tests.factories.order import OrderFactory
from tests.factories.voucher import VoucherFactory


class RedemptionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Redemption

    voucher = factory.SubFactory(VoucherFactory)
    order = factory.SubFactory(OrderFactory)
    customer = factory.SelfAttribute("order.customer")
    code = factory.SelfAttribute("voucher.code")
    discount = factory.LazyFunction(lambda: {"type": "PERCENT", "percent_off": 10})
    applied_amount = 200
    redeemed_at = factory.LazyFunction(lambda: clock.now())


class RedemptionRollbackFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RedemptionRollback

    redemption = factory.SubFactory(RedemptionFactory)
    customer = factory.SelfAttribute("redemption.customer")
    reason = "Returned"
    rolled_back_at = factory.LazyFunction(lambda: clock.now())
