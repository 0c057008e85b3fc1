"""Limits of a campaign, code, tier, budget, or of the whole project: one list, as people see it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from campaigns.models import Budget, Campaign, Limit, PromotionTier, Voucher
from campaigns.models.limits import Measure, Overflow, Period
from campaigns.services import state
from customers.models import Segment
from loyalty_project.core import locks
from loyalty_project.core.models import Project
from loyalty_project.core.reading import WrongMember

# None protects the whole project.
Owner = Campaign | Voucher | PromotionTier | Budget | None
MAX_PER_OWNER = 20
BIGGEST = 2**53 - 1
_FIELDS: dict[type[Any], str] = {
    Campaign: "campaign",
    Voucher: "voucher",
    PromotionTier: "promotion_tier",
}
_FLAGS = ("per_customer", "per_redeemable")
_KEY = ("measure", "period", *_FLAGS)
_CHOICES = {"measure": Measure, "period": Period, "overflow": Overflow}
_SETTINGS = ("value", "overflow", "relaxed")


def put(
    *, project: Project, owner: Owner, documents: Sequence[Mapping[str, Any]], at: datetime
) -> None:
    """Let these be all the limits of an owner: true for everybody when it returns.

    A document is `{measure, period, per_customer, per_redeemable, value, overflow, relaxed}`.
    Raises WrongMember, NotFound for an owner that is gone, errors.Busy.
    """
    with transaction.atomic():
        _alone(project, owner)
        if set_rows(project=project, owner=owner, documents=documents, at=at):
            _revise(owner, at=at)
            state.stamp(project=project)


def set_rows(
    *, project: Project, owner: Owner, documents: Sequence[Mapping[str, Any]], at: datetime
) -> bool:
    """The part of `put` between lock and stamp, for who holds the one and sets the other.

    Whether anything changed. What is counted alike keeps its row and its history.
    """
    wanted = read(project=project, owner=owner, documents=documents)
    there = {_key(limit): limit for limit in of(owner=owner)}
    changed = False
    for key, values in wanted.items():
        limit = there.pop(key, None)
        if limit is None:
            limit = Limit(project=project, created_at=at, **{_field(owner): owner})
        elif all(getattr(limit, name) == values[name] for name in _SETTINGS):
            continue
        for name, value in values.items():
            setattr(limit, name, value)
        limit.save()
        changed = True
    for limit in there.values():
        limit.delete()
    return changed or bool(there)


def set_given(*, project: Project, owner: Owner, data: Mapping[str, Any], at: datetime) -> None:
    """`set_rows` with the member `limits` of a body, which null empties; without it they stay."""
    if "limits" in data:
        set_rows(project=project, owner=owner, documents=data["limits"] or [], at=at)


def of(*, owner: Owner) -> list[Limit]:
    """In the order in which they were made."""
    if owner is not None:
        return list(owner.limits.order_by("pk"))
    none = dict.fromkeys(("campaign", "voucher", "promotion_tier", "budget"))
    return list(Limit.objects.filter(**none).order_by("pk"))


def read(
    *, project: Project, owner: Owner, documents: Sequence[Mapping[str, Any]]
) -> dict[tuple[Any, ...], dict[str, Any]]:
    """The documents as values of rows, by what they count. Raises WrongMember."""
    if len(documents) > MAX_PER_OWNER:
        raise _wrong("", f"must NOT have more than {MAX_PER_OWNER} items")
    segments = _segments(project, documents)
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for index, document in enumerate(documents):
        values = _values(f"[{index}]", document)
        _check(f"[{index}]", values, owner, segments)
        key = tuple(values[name] for name in _KEY)
        if key in found:
            raise _wrong(f"[{index}]", "must NOT count the same as another limit")
        found[key] = values
    return found


def _values(path: str, document: Mapping[str, Any]) -> dict[str, Any]:
    for name in ("measure", "value"):
        if document.get(name) is None:
            raise _wrong(path, f"should have required property '{name}'")
    values: dict[str, Any] = {
        "measure": document["measure"],
        "period": document.get("period") or Period.ALWAYS,
        "overflow": document.get("overflow") or Overflow.REFUSE,
        "value": document["value"],
        "relaxed": dict(document.get("relaxed") or {}),
        **{name: bool(document.get(name)) for name in _FLAGS},
    }
    for name, choices in _CHOICES.items():
        if values[name] not in choices.values:
            raise _wrong(f"{path}.{name}", "must be equal to one of the allowed values")
    return values


def _check(
    path: str, values: Mapping[str, Any], owner: Owner, segments: Mapping[str, Segment]
) -> None:
    _check_number(f"{path}.value", values["value"])
    if values["measure"] == Measure.CUSTOMERS and values["per_customer"]:
        raise _wrong(f"{path}.per_customer", "cannot be combined with the measure customers")
    if values["overflow"] == Overflow.CAP and values["measure"] != Measure.DISCOUNT:
        raise _wrong(f"{path}.overflow", "must be REFUSE for other measures than discount")
    if values["per_redeemable"] and not isinstance(owner, Campaign):
        raise _wrong(f"{path}.per_redeemable", "must be false for others than campaigns")
    for segment, value in values["relaxed"].items():
        where = f"{path}.relaxed.{segment}"
        if segment not in segments:
            raise _wrong(where, "must be the id of a segment")
        if value is None:
            continue
        _check_number(where, value)
        if value <= values["value"]:
            raise _wrong(where, "must be more than the value for everybody")


def _check_number(path: str, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _wrong(path, "must be integer")
    if not 0 <= value <= BIGGEST:
        raise _wrong(path, f"must be >= 0 and <= {BIGGEST}")


def _segments(project: Project, documents: Sequence[Mapping[str, Any]]) -> Mapping[str, Segment]:
    named = {segment for document in documents for segment in document.get("relaxed") or ()}
    if not named:
        return {}
    # They stay until the commit: who deletes one waits, and sees then that it is named.
    rows = Segment.objects.filter(project=project, public_id__in=named).order_by("pk")
    return {row.public_id: row for row in rows.select_for_update(no_key=True)}


def _wrong(path: str, why: str) -> WrongMember:
    return WrongMember(f"Property .limits{path} {why}", extra={"field": "limits"})


def _key(limit: Limit) -> tuple[Any, ...]:
    return tuple(getattr(limit, name) for name in _KEY)


def _field(owner: Owner) -> str:
    return _FIELDS.get(type(owner), "budget")


def _alone(project: Project, owner: Owner) -> None:
    if owner is None:
        state.exclusive_combinations(project=project)
    elif isinstance(owner, Campaign):
        state.exclusive(campaign=owner)
    elif isinstance(owner, PromotionTier):
        state.exclusive(campaign=owner.campaign)
    elif isinstance(owner, Voucher):
        state.exclusive_voucher(voucher=owner)
    elif isinstance(owner, Budget):
        # A campaign that joins waits for this row, or is among the campaigns already.
        with locks.waiting():
            owner.refresh_from_db(from_queryset=Budget.objects.select_for_update())


def _revise(owner: Owner, *, at: datetime) -> None:
    """What redemptions compare, so that those under way decide again."""
    if isinstance(owner, Campaign):
        state.revise(campaign_pks=[owner.pk])
    elif isinstance(owner, PromotionTier):
        state.revise(campaign_pks=[owner.campaign_id])
        PromotionTier.objects.filter(pk=owner.pk).update(version=F("version") + 1)
    elif isinstance(owner, Voucher):
        Voucher.objects.filter(pk=owner.pk).update(updated_at=at)
    elif isinstance(owner, Budget):
        state.revise(
            campaign_pks=Campaign.objects.filter(budget=owner).values_list("pk", flat=True)
        )
