"""What the ids in rules, limits and discounts are called."""

from collections.abc import Iterable
from typing import Any

from campaigns.models import Budget, Campaign, Category
from customers.models import Segment
from rewards.models import Product, ProductCollection, Sku

_NAMED: tuple[tuple[str, Any, str], ...] = (
    ("seg_", Segment, "name"),
    ("prod_", Product, "name"),
    ("sku_", Sku, "sku"),
    ("pc_", ProductCollection, "name"),
    ("cat_", Category, "name"),
    ("camp_", Campaign, "name"),
    ("bud_", Budget, "name"),
)


def names_of(*, ids: Iterable[str]) -> dict[str, str]:
    """Names by id, of what has one; one query, and none without ids."""
    wanted = set(ids)
    named = [
        model.objects.filter(public_id__in=of_kind).order_by().values_list("public_id", field)
        for prefix, model, field in _NAMED
        if (of_kind := [each for each in wanted if each.startswith(prefix)])
    ]
    if not named:
        return {}
    return {public_id: name for public_id, name in named[0].union(*named[1:]) if name}
