"""What else decides about campaigns, codes and tiers: their rules, limits and margin floors."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db.models import Q, prefetch_related_objects

from campaigns.models import Campaign, Limit, MarginFloor, RuleAssignment
from loyalty_project.core.versioned import KeptRows

Owner = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Rows:
    """Of one campaign, code or tier; assignments come with rule and definition."""

    assignments: list[RuleAssignment] = field(default_factory=list)
    limits: list[Limit] = field(default_factory=list)
    margins: list[MarginFloor] = field(default_factory=list)


def of(
    *,
    campaigns: Collection[int] = (),
    vouchers: Collection[int] = (),
    tiers: Collection[int] = (),
    budgets: Collection[int] = (),
) -> Mapping[Owner, Rows]:
    """Rows by `("campaign", pk)`, `("voucher", pk)`, `("promotion_tier", pk)`, `("budget", pk)`.

    Three queries at most, whatever the number of owners.
    """
    found: dict[Owner, Rows] = defaultdict(Rows)
    owned = Q(campaign__in=campaigns) | Q(voucher__in=vouchers) | Q(promotion_tier__in=tiers)
    assigned = RuleAssignment.objects.filter(owned).select_related("rule__definition")
    for assignment in assigned.order_by("pk"):
        found[_owner(assignment)].assignments.append(assignment)
    for limit in Limit.objects.filter(owned | Q(budget__in=budgets)).order_by("pk"):
        found[_owner(limit)].limits.append(limit)
    if campaigns:
        for margin in MarginFloor.objects.filter(campaign__in=campaigns).select_related("campaign"):
            if margin.campaign is not None:
                found["campaign", margin.campaign.pk].margins.append(margin)
    return found


def kept(campaign: Campaign) -> Rows:
    """Those of a campaign, as they are kept in the process until its next change."""
    version = campaign.version, campaign.updated_at
    return _campaigns.get_many({campaign.pk: version}, _load)[campaign.pk]


def _load(pks: list[int]) -> dict[int, Rows]:
    found = of(campaigns=pks)
    rows = {pk: found["campaign", pk] for pk in pks}
    assigned = [assignment for each in rows.values() for assignment in each.assignments]
    prefetch_related_objects(assigned, "campaign")
    return rows


_campaigns: KeptRows[int, Rows] = KeptRows(5_000)


def of_project() -> Rows:
    """The limits and the margin floor that protect the whole project; two queries."""
    none = {"campaign": None, "voucher": None, "promotion_tier": None, "budget": None}
    return Rows(
        limits=list(Limit.objects.filter(**none).order_by("pk")),
        margins=list(MarginFloor.objects.filter(campaign=None)),
    )


def _owner(row: RuleAssignment | Limit) -> Owner:
    for name in ("campaign", "voucher", "promotion_tier", "budget"):
        pk: int | None = getattr(row, f"{name}_id", None)
        if pk is not None:
            return name, pk
    return "project", 0
