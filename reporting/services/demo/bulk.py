"""Rows by COPY, with primary keys taken beforehand, so that rows may name rows not yet written."""

from collections.abc import Iterable
from itertools import chain

from django.db import connection
from django.db.models import Model


def reserve(model: type[Model], count: int) -> int:
    """Take `count` primary keys in a row; the first of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(seq, nextval(seq) + %s) FROM"
            " (SELECT pg_get_serial_sequence(%s, %s)::regclass AS seq) AS found",
            [max(count, 1) - 1, model._meta.db_table, "id"],
        )
        (last,) = cursor.fetchone()
    return int(last) - max(count, 1) + 1


def copy(rows: Iterable[Model]) -> int:
    """Write rows of one model as they are, without looking at any of them; how many there were.

    Nothing is filled in but a primary key that the first row has not: what `auto_now` would set has
    to stand in the rows.
    """
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        return 0
    meta = first._meta
    quote = connection.ops.quote_name
    fields = [field for field in meta.concrete_fields if first.pk is not None or field != meta.pk]
    columns = ", ".join(quote(str(field.column)) for field in fields)
    statement = f"COPY {quote(meta.db_table)} ({columns}) FROM STDIN"
    prepared = [(field.attname, field.get_db_prep_save) for field in fields]
    count = 0
    with connection.cursor() as cursor, cursor.copy(statement) as target:
        for row in chain([first], rows):
            target.write_row([save(getattr(row, name), connection) for name, save in prepared])
            count += 1
    return count
