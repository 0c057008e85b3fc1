"""Stocks of what is given away, as statements that a commit sends with its others.

What has no stock is not counted. Rows are taken by primary key, products before SKUs.
"""

from collections.abc import Collection, Mapping

from loyalty_project.core import guarded
from loyalty_project.core.guarded import Statement
from loyalty_project.core.models import Project

_TABLES = {"prod_": "rewards_product", "sku_": "rewards_sku"}
_HOLD = (
    "SELECT id FROM {table} WHERE project_id = %s AND public_id = ANY(%s)"
    " ORDER BY id FOR NO KEY UPDATE"
)
_TAKE = (
    "UPDATE {table} SET stock = stock - %s WHERE project_id = %s AND public_id = %s AND stock >= %s"
)
_GIVE_BACK = (
    "UPDATE {table} SET stock = stock + %s"
    " WHERE project_id = %s AND public_id = %s AND stock IS NOT NULL"
)


def take(*, project: Project, units: Mapping[str, int]) -> list[Statement]:
    """Take units by public id; refuses where fewer are left. After all other counters."""
    found = _holds(project, units)
    for table, item in _places(units):
        values = (units[item], project.pk, item, units[item])
        found.append(Statement(_TAKE.format(table=table), values, rows=1, about=f"stock {item}"))
    return found


def give_back(*, project: Project, units: Mapping[str, int]) -> list[Statement]:
    """Give units back to what still has a stock."""
    found = _holds(project, units)
    for table, item in _places(units):
        values = (units[item], project.pk, item)
        found.append(Statement(_GIVE_BACK.format(table=table), values, about=f"stock {item}"))
    return found


def hold(*, project: Project, items: Collection[str]) -> None:
    """Hold the rows of products and SKUs, by public id, in the caller's transaction."""
    guarded.run(_holds(project, items))


def _holds(project: Project, items: Collection[str]) -> list[Statement]:
    found = []
    for prefix, table in _TABLES.items():
        named = [item for item in items if item.startswith(prefix)]
        if named:
            sql = _HOLD.format(table=table)
            found.append(Statement(sql, (project.pk, named), about="stocks"))
    return found


def _places(items: Collection[str]) -> list[tuple[str, str]]:
    return [
        (table, item)
        for prefix, table in _TABLES.items()
        for item in items
        if item.startswith(prefix)
    ]
