"""The automatic promotions of a project, filed by what they require; kept in the process."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from campaigns.engine import asks
from campaigns.engine.asks import Asks
from campaigns.engine.context import Context
from campaigns.engine.index import EVERYTHING, Index
from campaigns.engine.redeemable import Redeemable
from campaigns.models import PromotionTier
from campaigns.queries import offers
from campaigns.snapshots import terms
from campaigns.snapshots.promotions import promotion_tier
from loyalty_project.core.models import Project
from loyalty_project.core.versioned import Kept

# The fact of a redeemable that says how a request names it.
REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Promotions:
    """Tiers that are on and offered, newest first, named by their ids, with their rows by these.

    `asks` is what any of them looks at.
    """

    redeemables: Sequence[Redeemable]
    rows: Mapping[str, PromotionTier]
    asks: Asks = field(default_factory=Asks)
    indexes: dict[frozenset[str], Index] = field(default_factory=dict)

    def candidates(self, context: Context, kinds: frozenset[str] = EVERYTHING) -> list[Redeemable]:
        """Those that could apply to a request, without those whose time is over or yet to come.

        `kinds` of requirements are asked; each choice of them has an index, made when first needed.
        """
        index = self.indexes.get(kinds)
        if index is None:
            index = self.indexes[kinds] = Index(self.redeemables, kinds)
        at = context.at
        return [each for each in index.candidates(context) if _is_open(self.rows[each.id], at)]


def promotions(project: Project) -> Promotions:
    """As of the version of the project."""
    return _promotions.of(project)


def _is_open(tier: PromotionTier, at: datetime) -> bool:
    return all(
        (row.starts_at is None or row.starts_at <= at)
        and (row.expires_at is None or row.expires_at > at)
        for row in (tier, tier.campaign)
    )


def _load(project: Project) -> Promotions:
    del project
    rows = list(offers.promotion_tiers())
    shared = terms.of_campaigns(row.campaign for row in rows)
    own = terms.of_tiers(rows)
    read = (
        promotion_tier(row, under=terms.joined(own[row.pk], shared[row.campaign_id]))
        for row in rows
    )
    found = [replace(each, facts={**each.facts, REFERENCE: each.id}) for each in read]
    return Promotions(found, {row.public_id: row for row in rows}, asks.of(found))


_promotions = Kept(_load)
