"""What customers paid with gift cards and have left, for whoever shows customers."""

from collections.abc import Mapping, Sequence

from django.db.models import F, Sum, Value

from campaigns.models import Voucher
from customers import queries
from redemptions.models import Redemption, Result
from redemptions.queries.returns import CREDITS_LEFT


def gifts_of(customers: Sequence[int]) -> Mapping[int, tuple[int, int]]:
    """What stands of their payments, and the balances of the cards they hold. One query."""
    paid = (
        Redemption.objects.filter(
            customer__in=customers,
            credits_amount__isnull=False,
            result=Result.SUCCESS,
            rolled_back_at=None,
        )
        .order_by()
        .values("customer")
        .annotate(total=Sum(CREDITS_LEFT), is_left=Value(0))
    )
    left = (
        Voucher.objects.filter(holder__in=customers, account__isnull=False, deleted_at__isnull=True)
        .order_by()
        .values(customer=F("holder"))
        .annotate(total=Sum("account__balance"), is_left=Value(1))
    )
    found: dict[int, tuple[int, int]] = {}
    for row in paid.union(left, all=True):
        before = found.get(row["customer"], (0, 0))
        mine = (0, row["total"]) if row["is_left"] else (row["total"], 0)
        found[row["customer"]] = before[0] + mine[0], before[1] + mine[1]
    return found


queries.GIFTS.append(gifts_of)
