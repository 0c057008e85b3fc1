"""Making and changing products and SKUs, and putting them into the bin."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from loyalty_project.core import references
from loyalty_project.core.errors import Conflict, Invalid, NotFound
from loyalty_project.core.models import Project
from rewards import queries
from rewards.models import SHIPPING_ID, Product, Sku
from rewards.services import catalog


class DuplicateSourceId(Conflict):
    """Another product or SKU has this source id; it may be in the bin."""


def upsert(*, project: Project, data: Mapping[str, Any], at: datetime) -> Product:
    """The product that `id` or `source_id` names, made or changed as `data` says.

    Prices in minor units; metadata is merged per key. Nothing is written when nothing changes.
    """
    values = catalog.read_product(data=data)
    product = _named(data, queries.find, "product")
    if product is None:
        product = Product(project=project, created_at=at)
    try:
        _write(project, product, values)
    except DuplicateSourceId:
        product = queries.find(reference=values.get("source_id", ""))
        if product is None:
            raise
        _write(project, product, values)
    return product


def create(*, project: Project, data: Mapping[str, Any], at: datetime) -> Product:
    """A new product. Raises DuplicateSourceId for the source id of another."""
    product = Product(project=project, created_at=at)
    _write(project, product, catalog.read_product(data=data))
    return product


def update(*, project: Project, reference: str, data: Mapping[str, Any]) -> Product:
    """Change what `data` names. Raises NotFound."""
    values = catalog.read_product(data=data)
    product = queries.get(reference=reference)
    _write(project, product, values)
    return product


def delete(*, reference: str, force: bool, at: datetime) -> None:
    """Move a product and its SKUs to the bin, or delete them for good with `force`."""
    product = queries.get(reference=reference)
    if product.public_id == SHIPPING_ID:
        raise references.ResourceInUse(
            "The product Shipping belongs to each project",
            resource_id=SHIPPING_ID,
            resource_type="product",
        )
    with transaction.atomic():
        if force:
            product.delete()
            return
        for sku in Sku.objects.filter(product=product, deleted_at=None):
            _bin(sku, at=at)
        _bin(product, at=at)


def upsert_sku(*, project: Project, product: Product, data: Mapping[str, Any], at: datetime) -> Sku:
    """The SKU of `product` that `id` or `source_id` names, made or changed as `data` says."""
    values = catalog.read_sku(data=data)
    sku = _named(data, queries.find_sku, "sku")
    if sku is None:
        sku = Sku(project=project, product=product, created_at=at)
    elif sku.product_id != product.pk:
        raise DuplicateSourceId(
            f"SKU {sku.source_id or sku.public_id} belongs to product {sku.product.public_id}",
            resource_id=sku.public_id,
            resource_type="sku",
        )
    if product.pk is None:
        product.save()
    _write(project, sku, values)
    return sku


def create_sku(*, project: Project, product: Product, data: Mapping[str, Any], at: datetime) -> Sku:
    """A new SKU of `product`. Raises DuplicateSourceId for the source id of another."""
    sku = Sku(project=project, product=product, created_at=at)
    _write(project, sku, catalog.read_sku(data=data))
    return sku


def update_sku(
    *, project: Project, product: Product, reference: str, data: Mapping[str, Any]
) -> Sku:
    """Change what `data` names. Raises NotFound."""
    values = catalog.read_sku(data=data)
    sku = queries.get_sku(reference=reference, product=product)
    _write(project, sku, values)
    return sku


def delete_sku(*, product: Product, reference: str, force: bool, at: datetime) -> None:
    """Move a SKU to the bin, or delete it for good with `force`. Raises NotFound."""
    sku = queries.get_sku(reference=reference, product=product)
    with transaction.atomic():
        if force:
            sku.delete()
        else:
            _bin(sku, at=at)


def _named(data: Mapping[str, Any], find: Any, noun: str) -> Any:
    public_id, source_id = data.get("id"), data.get("source_id")
    for name, value in (("id", public_id), ("source_id", source_id)):
        if value is not None and not isinstance(value, str):
            raise Invalid(f"Property .{name} must be string")
    found = find(reference=public_id) if public_id else None
    if found is None and public_id and not source_id:
        raise NotFound.of(noun, str(public_id))
    return find(reference=source_id) if found is None and source_id else found


def _write(project: Project, row: Product | Sku, values: catalog.Values) -> None:
    """Check and store what `values` change, merged with what is stored now."""
    noun = row._meta.model_name
    try:
        with transaction.atomic():
            if row.pk is not None:
                stored = type(row).objects.select_for_update().filter(pk=row.pk).first()
                if stored is None:
                    raise NotFound.of(str(noun), row.public_id)
                row.metadata = stored.metadata
            row.project = project
            catalog.check_metadata(known=catalog.schema(project=project), row=row, values=values)
            changed = catalog.apply(row=row, values=values)
            if row.pk is None:
                row.save()
            elif changed:
                row.save(update_fields=[*changed, "updated_at"])
    except IntegrityError as error:
        if f"rewards_{noun}_source_id" not in str(error):
            raise
        raise DuplicateSourceId(
            f"Duplicated {noun} exists with source id {values.get('source_id')}",
            extra={"field": "source_id"},
        ) from error


def _bin(row: Product | Sku, *, at: datetime) -> None:
    row.deleted_at = at
    row.save(update_fields=["deleted_at", "updated_at"])
