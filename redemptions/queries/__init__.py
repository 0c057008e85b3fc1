"""Reading orders, redemptions and rollbacks: by reference, in lists, with what they belong to."""

from datetime import datetime

from django.db.models import (
    Count,
    DateTimeField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import JSONObject

from campaigns import queries as campaign_queries
from campaigns.models import PromotionTier, Publication, Voucher
from campaigns.queries import rules as rule_queries
from customers.models import Customer
from loyalty_project.core.errors import NotFound
from redemptions.models import Order, Redemption, RedemptionRollback, Result
from redemptions.queries.returns import DISCOUNT_LEFT


def orders() -> QuerySet[Order]:
    """Orders with customers, items and their succeeded redemptions (`order.uses`)."""
    rollbacks = RedemptionRollback.objects.filter(result=Result.SUCCESS).order_by("pk")
    uses = (
        Redemption.objects.filter(result=Result.SUCCESS, parent=None)
        .select_related("voucher__campaign", "promotion_tier__campaign")
        .prefetch_related(
            Prefetch("children", Redemption.objects.order_by("pk")),
            Prefetch("rollbacks", rollbacks.prefetch_related(Prefetch("children", rollbacks))),
        )
        .order_by("pk")
    )
    found: QuerySet[Order] = Order.objects.select_related("customer", "referrer")
    return found.prefetch_related("items", Prefetch("redemptions", uses, to_attr="uses"))


def get_order(*, reference: str) -> Order:
    """By id or source id; an id wins. Raises NotFound."""
    found = list(orders().filter(Q(public_id=reference) | Q(source_id=reference))[:2])
    if not found:
        raise NotFound.of("order", reference)
    return next((order for order in found if order.public_id == reference), found[0])


def redemptions() -> QuerySet[Redemption]:
    """Redemptions with all that their wire form needs."""
    found: QuerySet[Redemption] = Redemption.objects.select_related(
        "customer", "parent", "campaign", "voucher__campaign", "promotion_tier__campaign"
    )
    return found.prefetch_related(
        Prefetch("children", children()),
        Prefetch("rollbacks", RedemptionRollback.objects.filter(result=Result.SUCCESS)),
    )


def children() -> QuerySet[Redemption]:
    """The redemptions under a parent, with what they used."""
    found: QuerySet[Redemption] = Redemption.objects.order_by("pk")
    return found.select_related(
        "customer", "campaign", "voucher__campaign", "promotion_tier__campaign"
    )


def rollbacks() -> QuerySet[RedemptionRollback]:
    found: QuerySet[RedemptionRollback] = RedemptionRollback.objects.all()
    return found.select_related(
        "customer", "redemption__voucher__campaign", "redemption__promotion_tier__campaign"
    )


def get_redemption(*, reference: str) -> Redemption:
    """By id. Raises NotFound."""
    found: Redemption | None = redemptions().filter(public_id=reference).first()
    if found is None:
        raise NotFound.of("redemption", reference)
    return found


def get_entry(*, reference: str) -> Redemption | RedemptionRollback:
    """A redemption or a rollback by id. Raises NotFound."""
    if reference.startswith("rr"):
        rollback: RedemptionRollback | None = rollbacks().filter(public_id=reference).first()
        if rollback is not None:
            return rollback
    return get_redemption(reference=reference)


def held_vouchers(*, customer: Customer, at: datetime) -> QuerySet[Voucher]:
    """The codes of a customer, with their last publication (`held_since`) and `seen_at`."""
    given = Publication.objects.filter(voucher=OuterRef("pk"), customer=customer)
    since = Subquery(given.order_by("-pk").values("created_at")[:1])
    held = rule_queries.with_assignments(campaign_queries.vouchers().filter(holder=customer))
    return held.annotate(held_since=since, seen_at=Value(at, DateTimeField()))


def with_summary(tiers: QuerySet[PromotionTier]) -> QuerySet[PromotionTier]:
    """Annotate `uses`: number, order amounts and discounts of the redemptions that stand.

    In the query of the rows; None for a tier that was never used. Amounts in minor units.
    """
    standing = Redemption.objects.filter(
        promotion_tier=OuterRef("pk"), result=Result.SUCCESS, rolled_back_at__isnull=True
    )
    sums = (
        standing.order_by()
        .values("promotion_tier")
        .annotate(
            uses=JSONObject(
                redeemed=Count("pk"),
                amount=Sum("order__amount", default=0),
                discount=Sum(DISCOUNT_LEFT, default=0),
            )
        )
    )
    return tiers.annotate(uses=Subquery(sums.values("uses")))
