"""That nothing of other projects changed: counts and checksums of their rows."""

from collections.abc import Iterator, Mapping, Sequence

from django.apps import apps
from django.db import connection
from psycopg import sql

from loyalty_project.core.models import EventDelivery, Job, OutboxEvent, Project
from loyalty_project.core.models.history import AuditFacts, ScopedAuditFacts
from redemptions.management.proving.findings import Finding

# Whoever dispatches does so for all projects.
_SHARED = (OutboxEvent, EventDelivery, Job)
_SUM = "SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {} AS t WHERE {}"
Sums = Mapping[str, tuple[int, int]]


def sums(*, apart: Sequence[Project], only: Project | None = None) -> Sums:
    """By table: how many rows and which, of all projects but those `apart`, or of one only."""
    keys = [project.pk for project in apart] if only is None else [only.pk]
    rest = "{} <> ALL(%s)" if only is None else "{} = ANY(%s)"
    found = {}
    with connection.cursor() as cursor:
        for table, column in _tables():
            where = sql.SQL(rest).format(sql.Identifier(column))
            cursor.execute(sql.SQL(_SUM).format(sql.Identifier(table), where), [keys])
            found[table] = cursor.fetchone()
    return found


def compare(said: str, before: Sums, after: Sums) -> Finding:
    changed = [table for table in before if before[table] != after[table]]
    rows = sum(count for count, _ in after.values())
    return Finding(said, not changed, ", ".join(changed) or f"{rows} rows in {len(after)} tables")


def left(project: Project) -> Finding:
    """That no table knows a project any more."""
    found = [table for table, (count, _) in sums(apart=(), only=project).items() if count]
    return Finding("the scratch projects are gone", not found, ", ".join(found) or "0 rows")


def _tables() -> Iterator[tuple[str, str]]:
    yield Project._meta.db_table, "id"
    for model in apps.get_models():
        kept = any(field.name == "project" for field in model._meta.concrete_fields)
        # The platform's own history outlives the projects of which it tells.
        platform = issubclass(model, AuditFacts) and not issubclass(model, ScopedAuditFacts)
        if kept and not platform and model not in _SHARED:
            yield model._meta.db_table, "project_id"
