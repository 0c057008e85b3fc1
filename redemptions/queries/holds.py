"""What sessions hold now."""

from datetime import datetime

from django.db.models import QuerySet

from redemptions.models import Hold


def live(*, at: datetime) -> QuerySet[Hold]:
    """Holds that have not expired, newest first, with what they are of."""
    rows: QuerySet[Hold] = Hold.objects.filter(expires_at__gt=at)
    return rows.select_related("voucher", "promotion_tier", "campaign", "customer").order_by(
        "-created_at", "-pk"
    )
