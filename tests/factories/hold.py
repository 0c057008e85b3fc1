from datetime import UTC, datetime

import factory

from redemptions.models import Hold
from tests.factories.voucher import VoucherFactory


class HoldFactory(factory.django.DjangoModelFactory):
    """Of a code without a limit, so that no row has to agree with it; for a long time."""

    session_key = factory.Sequence(lambda n: f"cart-{n}")
    voucher = factory.SubFactory(VoucherFactory)
    expires_at = datetime(2099, 1, 1, tzinfo=UTC)

    class Meta:
        model = Hold
