from typing import Literal, NotRequired, TypedDict

from campaigns.models import Category
from loyalty_project.core import wire


class CategoryJson(TypedDict):
    """A category as published; without a stacking type it is ordinary."""

    id: str
    name: str
    hierarchy: int
    stacking_rules_type: NotRequired[str]
    created_at: str
    updated_at: str
    object: Literal["category"]


def category_json(category: Category) -> CategoryJson:
    result: CategoryJson = {
        "id": category.public_id,
        "name": category.name,
        "hierarchy": category.hierarchy,
        "created_at": wire.instant(category.created_at),
        "updated_at": wire.instant(category.updated_at),
        "object": "category",
    }
    if category.stacking_rules_type:
        result["stacking_rules_type"] = category.stacking_rules_type
    return result
