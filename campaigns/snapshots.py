"""From rows to what the engine evaluates, field by field; no queries, no decisions.

What of the configuration every request needs is kept in the process.
"""

from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any

from campaigns import queries
from campaigns.engine import context, effects, facts
from campaigns.engine import redeemable as engine
from campaigns.models import (
    Campaign,
    Category,
    GroupedSortingRule,
    StackingRules,
    StackingRulesType,
    Voucher,
)
from campaigns.serializers.voucher import category_of
from loyalty_project.core import durations, versioned
from loyalty_project.core.models import Project

_LIMITS = (
    "redeemables_limit",
    "applicable_redeemables_limit",
    "applicable_redeemables_per_category_limit",
    "applicable_redeemables_category_limits",
    "applicable_exclusive_redeemables_limit",
    "applicable_exclusive_redeemables_per_category_limit",
)
_CATEGORIES = (
    "no_effect_skip_categories",
    "no_effect_redeem_anyway_categories",
    "initial_amount_mode_categories",
    "discounted_amount_mode_categories",
)
_CHOICES = {
    "redeemables_application_mode": context.ApplicationMode,
    "redeemables_sorting_rule": context.SortingRule,
    "redeemables_products_application_mode": context.ProductsMode,
    "redeemables_no_effect_rule": context.NoEffectRule,
    "redeemables_rollback_order_mode": context.RollbackOrderMode,
    "discount_calculation_mode": context.CalculationMode,
}


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
    """The rules of the project, kept in this process; the published defaults without a row."""
    return _stacking.of(project)


def stacking_of(
    row: StackingRules | None, *, exclusive: Iterable[str] = (), joint: Iterable[str] = ()
) -> context.StackingRules:
    """A row as the engine reads it; `exclusive` and `joint` are categories that say so."""
    if row is None:
        row = StackingRules()
    values: dict[str, Any] = {name: getattr(row, name) for name in _LIMITS}
    values |= {name: frozenset(getattr(row, name)) for name in _CATEGORIES}
    values |= {name: kind(getattr(row, name)) for name, kind in _CHOICES.items()}
    return context.StackingRules(
        exclusive_categories=frozenset({*row.exclusive_categories, *exclusive}),
        joint_categories=frozenset({*row.joint_categories, *joint}),
        joint_always_last=(
            row.grouped_redeemables_sorting_rule == GroupedSortingRule.JOINT_ALWAYS_LAST
        ),
        **values,
    )


def _load_stacking(project: Project) -> context.StackingRules:
    del project
    types = queries.stacking_types()
    return stacking_of(
        queries.stacking_rules(),
        exclusive=types[StackingRulesType.EXCLUSIVE],
        joint=types[StackingRulesType.JOINT],
    )


_stacking = versioned.Kept(_load_stacking)


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
