"""Groups of products: chosen ones, or those that a filter finds."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from simple_history.utils import bulk_create_with_history

from loyalty_project.core import references
from loyalty_project.core.errors import Conflict, Invalid
from loyalty_project.core.models import Project
from loyalty_project.core.predicates import InvalidCondition
from loyalty_project.core.services import projects
from rewards import queries, snapshots
from rewards.models import (
    ALL_PRODUCTS_ID,
    CollectionMember,
    CollectionType,
    Product,
    ProductCollection,
    Sku,
)

RESOURCE = "products_collection"
MEMBERS_MAX = 20_000
# Each of them is asked about each line of each order.
FILTERED_MAX = 100
_JUNCTIONS = ("and", "or")


class DuplicateCollection(Conflict):
    """Another collection has this name."""

    message = "Duplicated resource found"


class TooManyCollections(Invalid):
    """The project has as many collections with a filter as can be asked about each order."""


class UnknownMember(Invalid):
    """A product or SKU of the request does not exist."""

    key = "resource_not_found"
    message = "Resource not found"


def create(*, project: Project, data: Mapping[str, Any], at: datetime) -> ProductCollection:
    """Make a collection from the published `{name, type, products | filter}`.

    `products` are `{"id", "object": "product" | "sku"}` with an id or a source id.
    """
    collection = ProductCollection(
        project=project, name=data["name"], type=data["type"], created_at=at
    )
    wanted: Sequence[Product | Sku] = ()
    if collection.type == CollectionType.STATIC:
        wanted = _named(data.get("products") or ())
    else:
        collection.filter = read_filter(tree=data.get("filter"))
    with _unique_name(collection.name), transaction.atomic():
        if collection.type != CollectionType.STATIC:
            _refuse_too_many()
        collection.save()
        _add(collection, wanted, at=at)
        projects.bump_version(project=project)
    return collection


def update(
    *, project: Project, collection: ProductCollection, data: Mapping[str, Any], at: datetime
) -> ProductCollection:
    """Rename it, and replace the `filter`, or the `products` of a STATIC one.

    What is not given stays.
    """
    _refuse_built_in(collection)
    is_static = collection.type == CollectionType.STATIC
    changed = {}
    if data.get("name") is not None:
        changed["name"] = data["name"]
    if "filter" in data and not is_static:
        changed["filter"] = read_filter(tree=data["filter"])
    wanted = _named(data["products"]) if is_static and data.get("products") is not None else None
    if not changed and wanted is None:
        return collection
    with _unique_name(changed.get("name", "")), transaction.atomic():
        for name, value in changed.items():
            setattr(collection, name, value)
        collection.save(update_fields=[*changed, "updated_at"])
        if wanted is not None:
            _replace(collection, wanted, at=at)
        projects.bump_version(project=project)
    return collection


def delete(*, project: Project, collection: ProductCollection, at: datetime) -> None:
    """Delete a collection that nothing names. Raises references.ResourceInUse."""
    del at
    _refuse_built_in(collection)
    with transaction.atomic():
        references.refuse_named(RESOURCE, collection.public_id)
        collection.delete()
        projects.bump_version(project=project)


def read_filter(*, tree: Any) -> dict[str, Any]:
    """The filter of a request as it is stored. Raises Invalid, which says what is wrong with it."""
    if not isinstance(tree, Mapping) or "junction" not in tree:
        raise _wrong("'AUTO_UPDATE' collection must contain valid filter with 'junction' property")
    junction = str(tree["junction"]).lower()
    if junction not in _JUNCTIONS:
        raise _wrong(
            "Property .filter has wrong `junction` property. It must be one of: and, or",
        )
    kept = {**tree, "junction": junction}
    if len(kept) == 1:
        raise _wrong("Property .filter must have at least one condition")
    try:
        snapshots.predicate(kept)
    except InvalidCondition as error:
        raise _wrong(f"Property .filter is invalid: {error.details}") from error
    return kept


def _wrong(details: str) -> Invalid:
    return Invalid(details, extra={"field": "filter"})


def _named(given: Sequence[Mapping[str, Any]]) -> list[Product | Sku]:
    """The rows of `products`, each once."""
    wanted: dict[str, set[str]] = {"product": set(), "sku": set()}
    for member in given:
        wanted[member["object"]].add(member["id"])
    known: dict[str, Mapping[str, Product | Sku]] = {
        "product": queries.products_by_references(references=wanted["product"]),
        "sku": queries.skus_by_references(references=wanted["sku"]),
    }
    found: dict[str, Product | Sku] = {}
    for member in given:
        noun, reference = member["object"], member["id"]
        row = known[noun].get(reference)
        if row is None:
            raise UnknownMember(
                f"Cannot find {noun} with id {reference}",
                resource_id=reference,
                resource_type=noun,
            )
        found[row.public_id] = row
    return list(found.values())


def _replace(collection: ProductCollection, rows: Sequence[Product | Sku], *, at: datetime) -> None:
    """Take out who is not wanted, with history, and add who is new."""
    wanted: dict[tuple[bool, int | None], Product | Sku] = {
        (isinstance(row, Sku), row.pk): row for row in rows
    }
    for member in CollectionMember.objects.filter(collection=collection):
        is_sku = member.sku_id is not None
        if wanted.pop((is_sku, member.sku_id if is_sku else member.product_id), None) is None:
            member.delete()
    _add(collection, list(wanted.values()), at=at)


def _add(collection: ProductCollection, rows: Sequence[Product | Sku], *, at: datetime) -> None:
    members = [
        CollectionMember(
            project=collection.project,
            collection=collection,
            product=row if isinstance(row, Product) else None,
            sku=row if isinstance(row, Sku) else None,
            created_at=at,
        )
        for row in rows
    ]
    if members:
        bulk_create_with_history(members, CollectionMember, batch_size=1000, default_date=at)


def _refuse_built_in(collection: ProductCollection) -> None:
    if collection.public_id == ALL_PRODUCTS_ID:
        raise references.ResourceInUse(
            "The collection of all products belongs to each project",
            resource_id=ALL_PRODUCTS_ID,
            resource_type=RESOURCE,
        )


def _refuse_too_many() -> None:
    if ProductCollection.objects.exclude(type=CollectionType.STATIC).count() >= FILTERED_MAX:
        raise TooManyCollections(
            f"A project can have {FILTERED_MAX} collections with a filter, and has that many"
        )


@contextmanager
def _unique_name(name: str) -> Iterator[None]:
    """Turns the clash of names into the published answer."""
    try:
        yield
    except IntegrityError as error:
        if "rewards_collection_name" not in str(error):
            raise
        raise DuplicateCollection(
            f"Duplicated products collection exists with name {name}",
            resource_id=name,
            resource_type=RESOURCE,
            extra={"field": "name"},
        ) from error
