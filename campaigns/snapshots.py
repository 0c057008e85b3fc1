"""From rows to what the engine evaluates, field by field; no queries, no decisions."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from campaigns.engine import context, effects, facts
from campaigns.engine import redeemable as engine
from campaigns.models import Campaign, Category, Voucher
from campaigns.serializers.voucher import category_of
from loyalty_project.core import durations
from loyalty_project.core.models import Project


def redeemable(voucher: Voucher, *, redeemed: int) -> engine.Redeemable:
    """A code with its campaign, category and definition; `redeemed` is its exact count.

    `facts` holds the row itself under "voucher".
    """
    campaign = voucher.campaign
    category = category_of(voucher)
    return engine.Redeemable(
        kind=engine.Kind.VOUCHER,
        id=voucher.public_id,
        code=voucher.code,
        type=voucher.type,
        active=voucher.active,
        campaign=_campaign(campaign, voucher) if campaign is not None else None,
        validity=_validity(voucher),
        usage=facts.Usage(limit=voucher.redemption_limit, redeemed=redeemed),
        discount=effects.read(voucher.definition.data["discount"]),
        categories=(_category(category),) if category is not None else (),
        metadata=voucher.metadata,
        publish_count=voucher.publish_count,
        facts={"voucher": voucher},
    )


def missing(reference: str) -> engine.Redeemable:
    """What a request calls a code and nobody else does."""
    return engine.Redeemable(kind=engine.Kind.VOUCHER, id=reference, code=reference, exists=False)


def stacking(project: Project) -> context.StackingRules:
    """The published defaults, for every project."""
    del project
    return context.StackingRules()


def _campaign(campaign: Campaign, voucher: Voucher) -> engine.Campaign:
    # A lifetime that began with the publication of the code takes the place of the campaign's end.
    own_end = bool(campaign.activity_duration_after_publishing) and voucher.publish_count > 0
    return engine.Campaign(
        id=campaign.public_id,
        name=campaign.name,
        type=campaign.campaign_type,
        active=campaign.active,
        validity=_validity(campaign, with_end=not own_end),
    )


def _category(category: Category) -> engine.Category:
    return engine.Category(id=category.public_id, name=category.name, hierarchy=category.hierarchy)


def _validity(row: Campaign | Voucher, *, with_end: bool = True) -> engine.Validity:
    frame = row.validity_timeframe
    return engine.Validity(
        starts_at=row.starts_at,
        ends_at=row.expires_at if with_end else None,
        timeframe=_timeframe(frame) if frame else None,
        days_of_week=frozenset(row.validity_day_of_week or ()),
        daily_hours=tuple(_hours(entry) for entry in (row.validity_hours or {}).get("daily", ())),
    )


def _timeframe(frame: Mapping[str, Any]) -> engine.Timeframe:
    return engine.Timeframe(
        interval=durations.parse(frame["interval"]), duration=durations.parse(frame["duration"])
    )


def _hours(entry: Mapping[str, Any]) -> engine.DailyHours:
    end = entry.get("expiration_time")
    return engine.DailyHours(
        days_of_week=frozenset(entry.get("days_of_week") or ()),
        start=time.fromisoformat(entry.get("start_time") or "00:00"),
        expiration=time.fromisoformat(end) if end else None,
    )
