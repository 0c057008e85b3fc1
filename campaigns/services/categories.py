"""Categories: create, change, delete, and find the one that a request names."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, ProtectedError
from django.utils.translation import gettext_lazy as _

from campaigns import queries
from campaigns.models import Category
from campaigns.services import stacking_rules, state
from loyalty_project.core import reading
from loyalty_project.core.errors import Conflict, Invalid, NotFound
from loyalty_project.core.models import Project


class DuplicateCategory(Conflict):
    message = "Duplicated resource found"


class CategoryInUse(Invalid):
    key = "resource_in_use"
    message = "Resource in use"


def create(*, project: Project, data: Mapping[str, Any], at: datetime) -> Category:
    """Make a category from the published `{name, hierarchy, stacking_rules_type}`."""
    with _unique_name(data["name"]), transaction.atomic():
        category = Category.objects.create(
            project=project,
            name=data["name"],
            hierarchy=data["hierarchy"],
            stacking_rules_type=data.get("stacking_rules_type") or "",
            created_at=at,
        )
        state.stamp(project=project)
    return category


def update(
    *, project: Project, category: Category, data: Mapping[str, Any], at: datetime
) -> Category:
    """Change what is given; another place or type is true at once, as with stacking rules."""
    del at
    with _unique_name(data.get("name", category.name)), transaction.atomic():
        if _moves(category, data):
            state.exclusive_combinations(project=project)
        for field in ("name", "hierarchy"):
            if data.get(field) is not None:
                setattr(category, field, data[field])
        if "stacking_rules_type" in data:
            category.stacking_rules_type = data["stacking_rules_type"] or ""
        category.save()
        state.stamp(project=project)
    return category


def delete(
    *,
    project: Project,
    category: Category,
    at: datetime,
    remove_from_stacking_rules: bool = False,
) -> None:
    """Delete a category that nothing has and, unless they forget it, no stacking rules name.

    Raises CategoryInUse.
    """
    del at
    public_id = category.public_id
    try:
        with transaction.atomic():
            _leave_stacking_rules(project, category, forget=remove_from_stacking_rules)
            category.delete()
            state.stamp(project=project)
    except ProtectedError as error:
        raise CategoryInUse(
            f"Category {category.name} is assigned to {len(error.protected_objects)} resources",
            resource_id=public_id,
            resource_type="category",
        ) from error


def _moves(category: Category, data: Mapping[str, Any]) -> bool:
    hierarchy = data.get("hierarchy")
    kind = data.get("stacking_rules_type", category.stacking_rules_type) or ""
    return hierarchy not in {None, category.hierarchy} or kind != category.stacking_rules_type


def _leave_stacking_rules(project: Project, category: Category, *, forget: bool) -> None:
    state.exclusive_combinations(project=project)
    rules = queries.stacking_rules()
    if rules is None or not stacking_rules.names(rules=rules, category=category):
        return
    if not forget:
        raise CategoryInUse(
            f"Category {category.name} is used in stacking rules."
            " Send remove_from_stacking_rules=true to take it out of them",
            resource_id=category.public_id,
            resource_type="category",
            explanation=_("Take the category out of the stacking rules first."),
        )
    stacking_rules.forget(rules=rules, category=category)


def of_request(*, project: Project, data: Mapping[str, Any]) -> Category | None:
    """The category that `category_id` or `category` names; None for neither.

    A name that no category has makes one, last in the hierarchy, as the published API takes any
    name. Raises NotFound for an unknown id.
    """
    if data.get("category_id"):
        found = Category.objects.filter(public_id=data["category_id"]).first()
        if found is None:
            raise NotFound.of("category", data["category_id"])
        return found
    name = reading.text(data.get("category"), "category", longest=120)
    if not name:
        return None
    with transaction.atomic():
        last = Category.objects.aggregate(last=Max("hierarchy"))["last"] or 0
        category, _made = Category.objects.get_or_create(
            project=project, name=name, defaults={"hierarchy": last + 1}
        )
    return category


@contextmanager
def _unique_name(name: str) -> Iterator[None]:
    """Turns the clash of names into the published answer."""
    try:
        yield
    except IntegrityError as error:
        if "campaigns_category_name" not in str(error):
            raise
        raise DuplicateCategory(
            f"Duplicated category exists with name {name}",
            resource_id=name,
            resource_type="category",
            extra={"field": "name"},
        ) from error
