"""Which limits of the whole project stopped redemptions lately, for the first page."""

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.models import Limit
from campaigns.models.limits import Measure, Period
from loyalty_project.core.admin import display
from loyalty_project.core.admin.dashboard import Table
from loyalty_project.core.models import OutboxEvent

LATELY = timedelta(days=7)
MOST = 5
MONEY = frozenset({Measure.DISCOUNT, Measure.ORDERS})


def alerts(at: datetime) -> list[Table]:
    """A card where there are any; one query."""
    owners = dict.fromkeys(("campaign", "voucher", "promotion_tier", "budget"))
    ids = Limit.objects.filter(**owners).values("public_id")
    found = OutboxEvent.objects.filter(
        subject__in=ids, type="limit.reached", occurred_at__gt=at - LATELY
    )
    rows = [_row(event) for event in found.order_by("-occurred_at", "-pk")[:MOST]]
    if not rows:
        return []
    heads = [_("Since"), _("Limit of the project"), _("At most")]
    return [Table(_("Safety limits reached"), heads, rows, url=reverse("admin:campaigns_safety"))]


def _row(event: OutboxEvent) -> tuple[Any, ...]:
    limit = event.data["limit"]
    what = f"{Measure(limit['measure']).label} · {Period(limit['period']).label}"
    value = limit["value"]
    shown = display.money_of(value) if limit["measure"] in MONEY else display.integer(value)
    return display.when_of(event.occurred_at), what, shown
