"""Two to four campaigns side by side, read by one query; amounts in minor units.

Counted are uses that stand: what was refused or taken back is not. An order counts once per
campaign, with its value before discounts. A customer is new whose first paid order is the one with
the use. Issued are the published codes of those made until the end of the period; where none was
published, all of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, JSONObject

from campaigns.models import Campaign, PoolType, Voucher
from loyalty_project.core.models import Project
from loyalty_project.core.money import MILLION, share
from redemptions.models import Order, OrderStatus, Redemption, Result
from redemptions.queries.returns import DISCOUNT_LEFT
from reporting.reports.campaign_summary import Period

_COUNTED = (OrderStatus.PAID, OrderStatus.FULFILLED)
_PUBLISHED = Q(voucher__publish_count__gt=0)


@dataclass(frozen=True, slots=True)
class Arm:
    """What a campaign did in a period; shares are in millionths, None where nothing divides."""

    campaign: Campaign
    uses: int
    customers: int
    new_customers: int
    orders: int
    order_amount: int
    discount: int
    issued: int
    redeemed: int

    @property
    def basket(self) -> int | None:
        """The average value of an order, half up."""
        return share(self.order_amount, 1, self.orders) if self.orders else None

    @property
    def new_share(self) -> int | None:
        return _share(self.new_customers, self.customers)

    @property
    def redemption_rate(self) -> int | None:
        """Of issued codes; None for one code for everybody and where none was issued."""
        public = self.campaign.type == PoolType.STANDALONE
        return None if public else _share(self.redeemed, self.issued)


def arms(*, project: Project, campaigns: Sequence[int], period: Period) -> list[Arm]:
    """The campaigns of these keys in their sequence; one query."""
    rows = (
        Campaign.objects.filter(pk__in=campaigns, deleted_at__isnull=True)
        .annotate(
            used=Subquery(_uses(project, period)),
            order_amount=Coalesce(
                Subquery(_orders(project, period), output_field=BigIntegerField()), 0
            ),
            codes=Subquery(_codes(project, period)),
        )
        .in_bulk(list(campaigns))
    )
    return [_arm(rows[pk]) for pk in campaigns if pk in rows]


def difference(value: int | None, base: int | None) -> float | None:
    """In percent of the base; None where one of them is unknown or the base is nothing."""
    if value is None or not base:
        return None
    return 100 * (value - base) / base


def _standing(project: Project, period: Period) -> QuerySet[Redemption]:
    found: QuerySet[Redemption] = Redemption.objects.filter(
        period.within("redeemed_at", project), result=Result.SUCCESS, rolled_back_at__isnull=True
    )
    return found


def _uses(project: Project, period: Period) -> QuerySet[Any]:
    earlier = Order.objects.filter(
        customer=OuterRef("customer"), status__in=_COUNTED, created_at__lt=OuterRef("bought_at")
    )
    return (
        _standing(project, period)
        .filter(campaign=OuterRef("pk"))
        .annotate(bought_at=Coalesce("order__created_at", "redeemed_at"))
        .annotate(is_new=~Exists(earlier))
        .values("campaign")
        .annotate(
            found=JSONObject(
                uses=Count("pk"),
                customers=Count("customer", distinct=True),
                new_customers=Count("customer", distinct=True, filter=Q(is_new=True)),
                orders=Count("order", distinct=True),
                discount=Sum(DISCOUNT_LEFT),
                codes=Count("voucher", distinct=True),
                published=Count("voucher", distinct=True, filter=_PUBLISHED),
            )
        )
        .values("found")
    )


def _orders(project: Project, period: Period) -> QuerySet[Any]:
    """What the orders come to, each taken once."""
    used = _standing(project, period).filter(campaign=OuterRef(OuterRef("pk")))
    rows = Order.objects.filter(pk__in=used.values("order")).order_by()
    return rows.values("project").annotate(found=Sum("amount")).values("found")


def _codes(project: Project, period: Period) -> QuerySet[Any]:
    made = Voucher.objects.filter(Period(last=period.last).within("created_at", project))
    counts = JSONObject(codes=Count("pk"), published=Count("pk", filter=Q(publish_count__gt=0)))
    rows = made.filter(campaign=OuterRef("pk")).order_by().values("campaign")
    return rows.annotate(found=counts).values("found")


def _arm(row: Any) -> Arm:
    used, codes = row.used or {}, row.codes or {}
    issued = "published" if codes.get("published") else "codes"
    return Arm(
        campaign=row,
        uses=used.get("uses", 0),
        customers=used.get("customers", 0),
        new_customers=used.get("new_customers", 0),
        orders=used.get("orders", 0),
        order_amount=row.order_amount,
        discount=used.get("discount", 0),
        issued=codes.get(issued, 0),
        redeemed=used.get(issued, 0),
    )


def _share(part: int, whole: int) -> int | None:
    return share(MILLION, part, whole) if whole else None
