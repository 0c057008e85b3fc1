"""Many customers at once: CSV files, lists of changes, one metadata for many. No webhooks."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.files.base import File

from customers import queries
from customers.models import Customer
from customers.services import profile
from loyalty_project.core import batches, bulk, clock, csv_files, metadata, reading
from loyalty_project.core.errors import Invalid, NotFound
from loyalty_project.core.models import AsyncAction, MetadataSchema, Project

CSV_JOB = "customers.import_csv"
BULK_JOB = "customers.bulk_update"
METADATA_JOB = "customers.metadata_update"
# Headers of the published template and of our export; any other column is metadata.
COLUMNS = {
    "id": "id",
    "source_id": "source_id",
    "name": "name",
    "description": "description",
    "email": "email",
    "phone": "phone",
    "birthdate": "birthdate",
    "birthday": "birthdate",
    "metadata": "metadata",
}
ADDRESS_COLUMNS = {
    **{wire: wire for wire in profile.ADDRESS},
    **{f"address_{wire}": wire for wire in profile.ADDRESS},
}
_KNOWN = COLUMNS.keys() | ADDRESS_COLUMNS.keys()


def start_csv(*, project: Project, upload: File, at: datetime) -> AsyncAction:
    """Import a CSV file with headers; rows are matched by id, then by source id.

    A column overwrites, an empty cell clears, a column that is missing leaves things alone.
    Raises uploads.UnreadableFile.
    """
    return bulk.start_csv(
        "CUSTOMERS.IMPORT_CSV",
        project=project,
        job=CSV_JOB,
        upload=upload,
        at=at,
        one_of=["id", "source_id", "name", "email", "phone"],
    )


def start_bulk(*, project: Project, rows: Any, at: datetime) -> AsyncAction:
    """Upsert customers as on the wire, each with its `source_id`. Raises Invalid."""
    reading.rows(rows, key="source_id")
    return bulk.start_rows("CUSTOMERS.BULK_UPDATE", project=project, job=BULK_JOB, rows=rows, at=at)


def start_metadata(
    *, project: Project, source_ids: Sequence[str], values: Mapping[str, Any], at: datetime
) -> AsyncAction:
    """Give all of the customers the same metadata, merged per key."""
    return bulk.start_metadata(
        "CUSTOMERS.METADATA_UPDATE",
        project=project,
        job=METADATA_JOB,
        source_ids=source_ids,
        values=values,
        at=at,
    )


def write_csv(*, action: AsyncAction, lines: list[bulk.Line]) -> list[bulk.Failure]:
    """Write one chunk of a CSV file; what was refused."""
    refused: list[bulk.Failure] = []
    rows = []
    schema = metadata.schema_of(project=action.project, resource="customer")
    for line in lines:
        try:
            rows.append(bulk.Line(line.number, _of_csv(schema, line.data)))
        except Invalid as error:
            refused.append(_failure(line, line.data, error))
    return refused + write_rows(action=action, lines=rows)


def write_rows(*, action: AsyncAction, lines: list[bulk.Line]) -> list[bulk.Failure]:
    """Write one chunk of customers as on the wire; what was refused. Unchanged ones stay so."""
    chunk = _Chunk(action.project, lines, lock=False)
    refused = chunk.add_all(lines)
    if chunk.batch.changes:
        # Now as they are while nobody else changes them.
        chunk = _Chunk(action.project, lines, lock=True)
        refused = chunk.add_all(lines)
    chunk.batch.save()
    return refused


class _Chunk:
    """Customers of one transaction, read together, written together."""

    def __init__(self, project: Project, lines: list[bulk.Line], *, lock: bool) -> None:
        self.project, self.at = project, clock.now()
        names = {str(line.data.get(key) or "") for line in lines for key in ("id", "source_id")}
        self.known = queries.by_references(references=names - {""}, lock=lock)
        for customer in self.known.values():
            customer.project = project
        self.schema = metadata.schema_of(project=project, resource="customer")
        self.batch = batches.Batch(Customer, at=self.at)
        fresh = Customer(project=project, created_at=self.at)
        self._make = batches.maker(fresh, project=project)

    def add_all(self, lines: list[bulk.Line]) -> list[bulk.Failure]:
        """What was refused."""
        refused = []
        for line in lines:
            try:
                self.add(line.data)
            except (Invalid, NotFound) as error:
                refused.append(_failure(line, line.data, error))
        return refused

    def add(self, data: Mapping[str, Any]) -> None:
        """Apply one row in memory. Raises Invalid or NotFound, and then nothing of it is kept."""
        values = profile.read(data=data)
        customer = self._find(data, values)
        given = values.get("metadata", {})
        if self.schema is not None and (given or customer.pk is None):
            merged = metadata.merged(customer.metadata, given)
            metadata.check_against(self.schema, merged, project=self.project)
        self.batch.add(customer, profile.apply(customer=customer, values=values))
        if customer.source_id:
            self.known.setdefault(customer.source_id, customer)

    def _find(self, data: Mapping[str, Any], values: profile.Values) -> Customer:
        public_id, source_id = data.get("id"), values.get("source_id")
        customer = self.known.get(str(public_id)) if public_id else None
        if customer is None and public_id and not source_id:
            raise NotFound.of("customer", str(public_id))
        named = self.known.get(source_id) if source_id else None
        if customer is None:
            return named or self._make()
        if named is not None and named is not customer and not customer.source_id:
            raise Invalid(f"Another customer has the source id {source_id}")
        return customer


def _of_csv(schema: MetadataSchema | None, cells: Mapping[str, str]) -> dict[str, Any]:
    known, given = csv_files.split(cells, _KNOWN)
    data: dict[str, Any] = {}
    address = {}
    for name, text in known.items():
        if name in COLUMNS:
            data[COLUMNS[name]] = text
        else:
            address[ADDRESS_COLUMNS[name]] = text
    values = csv_files.json_object(data.pop("metadata", ""), "metadata")
    values |= metadata.of_texts(schema, given)
    if address:
        data["address"] = address
    return {**data, "metadata": values}


def _failure(line: bulk.Line, data: Any, error: Invalid | NotFound) -> bulk.Failure:
    source_id = data.get("source_id") if isinstance(data, dict) else None
    return bulk.failure(line, error, source_id=source_id)
