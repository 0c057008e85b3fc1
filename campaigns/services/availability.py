"""Which promotion tiers are valid at a moment, by dates, days and hours of theirs and the campaign.

Rules, limits and orders are not asked.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from campaigns import snapshots
from campaigns.engine import checks
from campaigns.engine.context import Context
from campaigns.models import PromotionTier
from campaigns.queries import promotions as promotion_queries
from loyalty_project.core.models import Project


def available(
    *, project: Project, rows: QuerySet[PromotionTier], at: datetime
) -> QuerySet[PromotionTier]:
    """Those that are on and valid now. One more query, for those with days, hours or holidays."""
    found = promotion_queries.within_dates(rows, at=at)
    closed = [
        tier.pk
        for tier in promotion_queries.recurring(found)
        if not is_its_time(project=project, tier=tier, at=at)
    ]
    return found.exclude(pk__in=closed)


def is_its_time(*, project: Project, tier: PromotionTier, at: datetime) -> bool:
    """Whether the timeframe, the days, the hours and the holidays of both allow this moment."""
    asked = snapshots.promotion_tier(tier)
    context = Context(at=at, time_zone=ZoneInfo(project.timezone), redeemables=(asked,))
    return checks.recurs_now(asked, context, None) is None
