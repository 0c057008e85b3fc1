"""What is used of limits now, which apps above know, and the segments that limits name."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from django.db.models import prefetch_related_objects

from campaigns.models import Budget, Campaign, Limit, PromotionTier, Voucher

Owner = TypeVar("Owner", Campaign, Voucher, PromotionTier, Budget)
# Functions from limits to numbers or minor units by primary key.
READERS: list[Callable[[Sequence[Limit]], Mapping[int, int]]] = []


def used_of(limits: Sequence[Limit]) -> dict[int, int]:
    """By primary key, of all at once; what each customer or code has for itself is left out."""
    if not limits:
        return {}
    return {pk: value for read in READERS for pk, value in read(limits).items()}


def noted(limits: Sequence[Limit]) -> Sequence[Limit]:
    """The same limits, which know now what is used of them; None where there is no one number."""
    used = used_of(limits)
    for limit in limits:
        vars(limit)["used"] = used.get(limit.pk)
    return limits


def note(rows: Sequence[Owner]) -> None:
    """Let the limits of many rows know it; three queries at most."""
    prefetch_related_objects(rows, "limits")
    noted([limit for row in rows for limit in row.limits.all()])
    for row in rows:
        vars(row)["limits_noted"] = True


def is_noted(row: Owner) -> bool:
    return "limits_noted" in vars(row)


def noted_on(row: Owner) -> Owner:
    """The row with limits that know it."""
    note([row])
    return row


def relaxing(segment_id: str) -> list[str]:
    """Ids of the limits that have another value for a segment; not of what is in the bin."""
    rows = Limit.objects.filter(relaxed__has_key=segment_id)
    for owner in ("campaign", "voucher", "voucher__campaign", "promotion_tier__campaign"):
        rows = rows.filter(**{f"{owner}__deleted_at__isnull": True})
    rows = rows.filter(promotion_tier__deleted_at__isnull=True)
    return list(rows.order_by("pk").values_list("public_id", flat=True))


def said(ids: Sequence[str]) -> list[str]:
    """Limits with what they belong to: `lim_1 of campaign Spring`."""
    names = ("campaign", "voucher", "promotion_tier", "budget")
    rows = Limit.objects.filter(public_id__in=ids).select_related(*names).order_by("pk")
    found = []
    for row in rows:
        owners = [(name, getattr(row, name)) for name in names if getattr(row, name) is not None]
        of = "".join(f"{name.replace('_', ' ')} {owner}" for name, owner in owners)
        found.append(f"{row.public_id} of {of or 'the project'}")
    return found


def left_of(limit: Limit, used: int | None) -> int | None:
    """What is left of the value for everybody; None where `used` is."""
    return None if used is None else max(0, limit.value - used)
