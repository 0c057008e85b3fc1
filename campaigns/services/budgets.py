"""Budgets that campaigns share: create, change, delete."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from campaigns.models import Budget
from campaigns.services import limits, state
from loyalty_project.core import locks
from loyalty_project.core.errors import Conflict, Invalid, NotFound
from loyalty_project.core.models import Project


class DuplicateBudget(Conflict):
    message = "Duplicated resource found"


class BudgetInUse(Invalid):
    key = "resource_in_use"
    message = "Resource in use"


def create(*, project: Project, data: Mapping[str, Any], at: datetime) -> Budget:
    """Make a budget from `{name, limits}`. Raises DuplicateBudget, WrongMember."""
    with _unique_name(data["name"]), transaction.atomic():
        budget = Budget.objects.create(project=project, name=data["name"], created_at=at)
        documents = data.get("limits") or []
        limits.set_rows(project=project, owner=budget, documents=documents, at=at)
        state.stamp(project=project)
    return budget


def update(*, project: Project, budget: Budget, data: Mapping[str, Any], at: datetime) -> Budget:
    """Change what is given; `limits` are all of them. Raises as `create`, NotFound, Busy."""
    with _unique_name(data.get("name", budget.name)), transaction.atomic():
        _alone(budget)
        if data.get("name") is not None and data["name"] != budget.name:
            budget.name = data["name"]
            budget.save()
            state.stamp(project=project)
        if "limits" in data:
            documents = data["limits"] or []
            limits.put(project=project, owner=budget, documents=documents, at=at)
    return budget


def delete(*, project: Project, budget: Budget, at: datetime) -> None:
    """Delete a budget that no campaign has. Raises BudgetInUse, NotFound, errors.Busy."""
    del at
    public_id = budget.public_id
    try:
        with transaction.atomic():
            _alone(budget)
            budget.delete()
            state.stamp(project=project)
    except ProtectedError as error:
        raise BudgetInUse(
            f"Budget {budget.name} is shared by {len(error.protected_objects)} campaigns",
            resource_id=public_id,
            resource_type="budget",
        ) from error


def hold(*, project: Project, reference: str) -> Budget:
    """As `find`, for a campaign that joins: it stays there until the commit. Raises errors.Busy."""
    found = find(project=project, reference=reference)
    _alone(found)
    return found


def find(*, project: Project, reference: str) -> Budget:
    """By id. Raises NotFound."""
    found: Budget | None = Budget.objects.filter(project=project, public_id=reference).first()
    if found is None:
        raise NotFound.of("budget", reference)
    return found


def _alone(budget: Budget) -> None:
    """Wait for whoever changes, deletes or joins it. Raises NotFound, errors.Busy."""
    public_id = budget.public_id
    try:
        with locks.waiting():
            budget.refresh_from_db(from_queryset=Budget.objects.select_for_update())
    except Budget.DoesNotExist as error:
        raise NotFound.of("budget", public_id) from error


@contextmanager
def _unique_name(name: str) -> Iterator[None]:
    """Turns the clash of names into the published answer."""
    try:
        yield
    except IntegrityError as error:
        if "campaigns_budget_name" not in str(error):
            raise
        raise DuplicateBudget(
            f"Duplicated budget exists with name {name}",
            resource_id=name,
            resource_type="budget",
            extra={"field": "name"},
        ) from error
