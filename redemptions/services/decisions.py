"""What a redemption was decided on, so that it can be understood and run again."""

from dataclasses import asdict
from typing import Any

from campaigns.engine import limits, rules
from campaigns.engine.results import Applied
from loyalty_project.core import wire
from redemptions import usage
from redemptions.context import Loaded, Row


def decision(*, applied: Applied, row: Row, loaded: Loaded) -> dict[str, Any]:
    """Facts and versions: definitions by key, counters and answers as they were before.

    Nothing in it names a person; order and customer stand beside it.
    """
    context, redeemable = loaded.context, applied.redeemable
    campaign = row.campaign
    budget = campaign.budget if campaign is not None else None
    found: dict[str, Any] = {
        "at": wire.instant(context.at),
        "effect": applied.effect,
        "unused_amount": applied.unused_amount,
        "definition": row.definition_id,
        "campaign_version": campaign.version if campaign is not None else None,
        "limit": redeemable.usage.limit,
        "redeemed_before": redeemable.usage.redeemed,
    }
    needed = rules.needs(redeemable, context)
    counters = needed.counters | limits.counters(redeemable, context)
    more = {
        "rules": {rule.id: rule.version for rule in redeemable.rules},
        "counters": {usage.key_of(each): context.counters.get(each, 0) for each in counters},
        "past": {repr(each): context.past[each] for each in needed.past if each in context.past},
        "guest": context.customer.guest if context.customer is not None else None,
        "segments": sorted(context.customer.segments) if context.customer is not None else [],
        "context": dict(context.caller.context),
        "budget": budget.public_id if budget is not None else None,
        "capped": [asdict(capped) for capped in applied.capped],
        "gifts": dict(applied.gifts),
        "stocks": {
            item.id: item.stock for item in context.catalog.values() if item.id in applied.gifts
        },
    }
    return found | {name: value for name, value in more.items() if value}
