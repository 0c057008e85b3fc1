"""Who names an object by its id: apps above say what they keep, services below ask before deleting.

references.register("segment", by="validation_rules", find=queries.rules_naming)
"""

from collections.abc import Callable, Sequence

from loyalty_project.core.errors import Invalid

Find = Callable[[str], Sequence[str]]
Say = Callable[[Sequence[str]], Sequence[str]]
_finders: dict[str, dict[str, tuple[Find, Say]]] = {}


class ResourceInUse(Invalid):
    """Something depends on it."""

    key = "resource_in_use"
    message = "Resource in use"


def register(resource_type: str, *, by: str, find: Find, say: Say = lambda ids: ids) -> None:
    """`find` answers the ids of the objects of type `by` that name the id that it is given.

    `say` turns these into what people know them by, where ids alone say nothing.
    """
    _finders.setdefault(resource_type, {})[by] = (find, say)


def refuse_named(resource_type: str, public_id: str) -> None:
    """Raise ResourceInUse, with the ids of what names the object, where anything does."""
    for by, (find, say) in _finders.get(resource_type, {}).items():
        ids = list(find(public_id))
        if ids:
            raise ResourceInUse(
                f"Resource {resource_type} with id {public_id} is in use by {by} with ids "
                f"[{', '.join(say(ids))}]",
                resource_id=public_id,
                resource_type=resource_type,
                extra={
                    "related_object_ids": ids,
                    "related_object_type": by,
                    "related_object_total": len(ids),
                },
            )
