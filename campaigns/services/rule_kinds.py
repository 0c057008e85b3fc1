"""What kind of value a metadata property holds, as the schemas of a project declare it."""

from collections.abc import Mapping
from typing import Any

from campaigns.engine.rules import Kind
from loyalty_project.core.models import MetadataSchema, Project

# The schema that a rule name reads from; other names have none.
RESOURCES = {
    "customer.metadata": "customer",
    "order.metadata": "order",
    "order.items.metadata": "order_item",
    "product.metadata": "product",
    "sku.metadata": "product",
    "redemption.metadata": "redemption",
}
_KINDS = {
    "string": Kind.TEXT,
    "image_url": Kind.TEXT,
    "number": Kind.NUMBER,
    "boolean": Kind.BOOLEAN,
    "date": Kind.DATE,
    "datetime": Kind.DATE,
}


class Kinds:
    """Answers what the engine asks while it reads a rule, and keeps what it said.

    `asked` is `{"customer.metadata": {"tier": "text"}}`, of declared properties only.
    """

    def __init__(self, *, project: Project) -> None:
        rows = MetadataSchema.objects.filter(project=project)
        self._schemas: dict[str, Mapping[str, Any]] = dict(
            rows.values_list("related_object", "properties")
        )
        self.asked: dict[str, dict[str, str]] = {}

    def __call__(self, name: str, given: str) -> Kind | None:
        kind = self._kind(RESOURCES.get(name, ""), given)
        if kind is not None:
            self.asked.setdefault(name, {})[given] = kind.value
        return kind

    def _kind(self, resource: str, path: str, *, inside: bool = False) -> Kind | None:
        """Of a property, or of one inside an object; a key with dots goes first."""
        definitions = self._schemas.get(resource) or {}
        found = definitions.get(path)
        if found is not None and not found.get("deleted"):
            return _KINDS.get(found["type"])
        first, _, rest = path.partition(".")
        outer = definitions.get(first) or {}
        if inside or not rest or outer.get("type") != "object" or outer.get("deleted"):
            return None
        return self._kind(outer.get("object_type") or "", rest, inside=True)
