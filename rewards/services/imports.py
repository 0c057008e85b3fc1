"""Many products or SKUs at once: CSV files, lists of changes, one metadata for many.

Prices and costs are in major units of the project's currency (12.50) in CSV files, elsewhere in
minor units.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.files.base import File

from loyalty_project.core import (
    batches,
    bulk,
    clock,
    csv_files,
    currencies,
    metadata,
    money,
    reading,
)
from loyalty_project.core.errors import Invalid, NotFound
from loyalty_project.core.models import AsyncAction, MetadataSchema, Project
from rewards import queries
from rewards.models import Product, Sku
from rewards.services import catalog

CSV_JOB = "rewards.import_products_csv"
SKUS_CSV_JOB = "rewards.import_skus_csv"
BULK_JOB = "rewards.bulk_update_products"
METADATA_JOB = "rewards.update_product_metadata"
AMOUNTS = ("price", "cost")
NUMBERS = (*AMOUNTS, "stock")
PRODUCT_COLUMNS = frozenset({"id", "source_id", "name", *NUMBERS, "attributes", "image_url"})
SKU_COLUMNS = frozenset(
    {"id", "source_id", "product_id", "sku", *NUMBERS, "currency", "attributes", "image_url"}
)


def start_products_csv(*, project: Project, upload: File, at: datetime) -> AsyncAction:
    """Import a CSV file with the column `name`; rows are matched by id, then by source id.

    A column overwrites, an empty cell clears. Raises uploads.UnreadableFile.
    """
    return bulk.start_csv(
        "PRODUCTS.IMPORT_CSV",
        project=project,
        job=CSV_JOB,
        upload=upload,
        at=at,
        required=["name"],
    )


def start_skus_csv(*, project: Project, upload: File, at: datetime) -> AsyncAction:
    """Import a CSV file with the columns `product_id` and `source_id`. As products otherwise."""
    return bulk.start_csv(
        "SKUS.IMPORT_CSV",
        project=project,
        job=SKUS_CSV_JOB,
        upload=upload,
        at=at,
        required=["product_id", "source_id"],
    )


def start_bulk(*, project: Project, rows: Any, at: datetime) -> AsyncAction:
    """Upsert products as on the wire, each with its `source_id`. Raises Invalid."""
    reading.rows(rows, key="source_id")
    return bulk.start_rows("PRODUCTS.BULK_UPDATE", project=project, job=BULK_JOB, rows=rows, at=at)


def start_metadata(
    *, project: Project, source_ids: Sequence[str], values: Mapping[str, Any], at: datetime
) -> AsyncAction:
    """Give all of the products the same metadata, merged per key."""
    return bulk.start_metadata(
        "PRODUCTS.METADATA_UPDATE",
        project=project,
        job=METADATA_JOB,
        source_ids=source_ids,
        values=values,
        at=at,
    )


def write_products_csv(*, action: AsyncAction, lines: list[bulk.Line]) -> list[bulk.Failure]:
    """Write one chunk of a CSV file of products; what was refused."""
    return _write(action, lines, read=_product_of_csv(action.project), chunk=_Products)


def write_skus_csv(*, action: AsyncAction, lines: list[bulk.Line]) -> list[bulk.Failure]:
    """Write one chunk of a CSV file of SKUs; what was refused."""
    return _write(action, lines, read=_sku_of_csv(action.project), chunk=_Skus)


def write_products(*, action: AsyncAction, lines: list[bulk.Line]) -> list[bulk.Failure]:
    """Write one chunk of products as on the wire; what was refused."""
    return _write(action, lines, read=dict, chunk=_Products)


class _Products:
    """Products of one transaction, read together, written together."""

    def __init__(self, project: Project, rows: Sequence[Mapping[str, Any]], *, lock: bool) -> None:
        self.project, self.at = project, clock.now()
        self.schema = catalog.schema(project=project)
        references = _references(rows, "id", "source_id")
        self.known = queries.products_by_references(references=references, lock=lock)
        self.taken = _taken(Product, references, self.known)
        self.batch = batches.Batch(Product, at=self.at)
        fresh = Product(project=project, created_at=self.at)
        self._make = batches.maker(fresh, project=project)

    def add(self, data: Mapping[str, Any]) -> None:
        values = catalog.read_product(data=data)
        product = _known(self.known, data, "product")
        if product is None:
            _refuse_taken(values, self.taken)
            product = self._make()
        product.project = self.project
        catalog.check_metadata(known=self.schema, row=product, values=values)
        self.batch.add(product, catalog.apply(row=product, values=values))
        if product.source_id:
            self.known.setdefault(product.source_id, product)


class _Skus:
    """SKUs of one transaction, and the products that they name."""

    def __init__(self, project: Project, rows: Sequence[Mapping[str, Any]], *, lock: bool) -> None:
        self.project, self.at = project, clock.now()
        self.schema = catalog.schema(project=project)
        self.products = queries.products_by_references(references=_references(rows, "product_id"))
        references = _references(rows, "id", "source_id")
        self.known = queries.skus_by_references(references=references, lock=lock)
        self.taken = _taken(Sku, references, self.known)
        self.batch = batches.Batch(Sku, at=self.at)

    def add(self, data: Mapping[str, Any]) -> None:
        values = catalog.read_sku(data=data)
        product = self.products.get(str(data.get("product_id")))
        if product is None:
            raise NotFound.of("product", str(data.get("product_id")))
        sku = _known(self.known, data, "sku")
        if sku is None:
            _refuse_taken(values, self.taken)
            sku = Sku(product=product, created_at=self.at)
        elif sku.product_id != product.pk:
            raise Invalid(f"SKU {sku.source_id} belongs to product {sku.product.public_id}")
        sku.project = self.project
        catalog.check_metadata(known=self.schema, row=sku, values=values)
        self.batch.add(sku, catalog.apply(row=sku, values=values))
        if sku.source_id:
            self.known.setdefault(sku.source_id, sku)


def _write(
    action: AsyncAction,
    lines: list[bulk.Line],
    *,
    read: Callable[[Mapping[str, Any]], dict[str, Any]],
    chunk: type[_Products | _Skus],
) -> list[bulk.Failure]:
    refused: list[bulk.Failure] = []
    rows = []
    for line in lines:
        try:
            rows.append((line, read(line.data)))
        except Invalid as error:
            refused.append(_failure(line, line.data.get("source_id"), error))
    batch, wrong = _applied(action, rows, chunk=chunk, lock=False)
    if batch.changes:
        # Now as they are while nobody else changes them.
        batch, wrong = _applied(action, rows, chunk=chunk, lock=True)
    batch.save()
    return refused + wrong


def _applied(
    action: AsyncAction,
    rows: Sequence[tuple[bulk.Line, Mapping[str, Any]]],
    *,
    chunk: type[_Products | _Skus],
    lock: bool,
) -> tuple[batches.Batch, list[bulk.Failure]]:
    """The rows in memory, to be saved, and what was refused."""
    writing = chunk(action.project, [data for _line, data in rows], lock=lock)
    refused = []
    for line, data in rows:
        try:
            writing.add(data)
        except (Invalid, NotFound) as error:
            refused.append(_failure(line, data.get("source_id"), error))
    return writing.batch, refused


def _references(rows: Sequence[Mapping[str, Any]], *names: str) -> set[str]:
    return {str(row.get(name) or "") for row in rows for name in names} - {""}


def _known(known: Mapping[str, Any], data: Mapping[str, Any], noun: str) -> Any:
    public_id, source_id = data.get("id"), data.get("source_id")
    found = known.get(str(public_id)) if public_id else None
    if found is None and public_id and not source_id:
        raise NotFound.of(noun, str(public_id))
    return known.get(str(source_id)) if found is None and source_id else found


def _taken(model: type[Product | Sku], references: set[str], known: Mapping[str, Any]) -> set[str]:
    """The source ids that rows in the bin hold."""
    rows = model.objects.filter(source_id__among=references - set(known))
    return {source_id for source_id in rows.values_list("source_id", flat=True) if source_id}


def _refuse_taken(values: catalog.Values, taken: set[str]) -> None:
    if values.get("source_id") in taken:
        raise Invalid(f"The source id {values['source_id']} belongs to something in the bin")


def _failure(line: bulk.Line, source_id: Any, error: Invalid | NotFound) -> bulk.Failure:
    return bulk.failure(line, error, source_id=source_id)


def _product_of_csv(project: Project) -> Callable[[Mapping[str, str]], dict[str, Any]]:
    exponent, schema = _exponent(project), catalog.schema(project=project)

    def read(cells: Mapping[str, str]) -> dict[str, Any]:
        data = _split(cells, PRODUCT_COLUMNS, exponent=exponent, schema=schema)
        if not data.get("name"):
            raise Invalid("Property .name must NOT be empty")
        if "attributes" in data:
            names = [name.strip() for name in data["attributes"].split(",")]
            data["attributes"] = [name for name in names if name]
        return data

    return read


def _sku_of_csv(project: Project) -> Callable[[Mapping[str, str]], dict[str, Any]]:
    exponent, schema = _exponent(project), catalog.schema(project=project)

    def read(cells: Mapping[str, str]) -> dict[str, Any]:
        data = _split(cells, SKU_COLUMNS, exponent=exponent, schema=schema)
        if not data.get("source_id"):
            raise Invalid("Property .source_id must NOT be empty")
        if "attributes" in data:
            data["attributes"] = csv_files.json_object(data["attributes"], "attributes")
        return data

    return read


def _exponent(project: Project) -> int:
    return currencies.find(project.currency, on=clock.now().date()).exponent


def _split(
    cells: Mapping[str, str],
    columns: frozenset[str],
    *,
    exponent: int,
    schema: MetadataSchema | None,
) -> dict[str, Any]:
    """The cells by known columns, with amounts in minor units; all others as metadata."""
    data, given = csv_files.split(cells, columns | {"metadata"})
    values = csv_files.json_object(data.pop("metadata", ""), "metadata")
    for name in AMOUNTS:
        if data.get(name):
            data[name] = money.to_minor(data[name], exponent)
    return {**data, "metadata": values | metadata.of_texts(schema, given)}
