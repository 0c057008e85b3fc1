"""What protects the whole project: limits and a margin floor that hold for every incentive."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from campaigns.models import Limit, MarginFloor
from campaigns.services import limits, margin_floors
from loyalty_project.core.models import Project


@dataclass(frozen=True, slots=True)
class Safety:
    limits: Sequence[Limit]
    margin: MarginFloor | None


def of_project() -> Safety:
    """Of the project of the scope."""
    return Safety(limits.of(owner=None), margin_floors.of(campaign=None))


def put(*, project: Project, data: Mapping[str, Any], at: datetime) -> None:
    """Set `limits` and `margin_floor` where they are given, true for everybody when it returns.

    Raises WrongMember, errors.Busy.
    """
    with transaction.atomic():
        if "limits" in data:
            documents = data["limits"] or []
            limits.put(project=project, owner=None, documents=documents, at=at)
        if "margin_floor" in data:
            margin_floors.put(project=project, data=data["margin_floor"], at=at)
