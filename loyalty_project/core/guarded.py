"""Guarded statements: what a decision relied on is a condition of the statement that uses it up.

Owners (codes, orders, accounts …) make statements; `run` sends those of one commit together, in one
round trip, and refuses all of them when one does not touch the rows it has to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connection
from django.db.models import AutoField, Model
from django.db.models.sql import InsertQuery

from loyalty_project.core import locks

# PostgreSQL takes 65,535 parameters.
INSERTED_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Statement:
    """`rows` is how many rows it must touch or find, None any number; `about` names it."""

    sql: str
    params: Sequence[Any] = ()
    rows: int | None = None
    about: str = ""


def inserts(rows: Sequence[Model]) -> list[Statement]:
    """The INSERT of new rows of one model; they do not learn their primary keys."""
    return [_insert(rows[n : n + INSERTED_MAX]) for n in range(0, len(rows), INSERTED_MAX)]


def _insert(rows: Sequence[Model]) -> Statement:
    model = type(rows[0])
    fields = [each for each in model._meta.concrete_fields if not each.generated]
    query = InsertQuery(model)
    query.insert_values([each for each in fields if not isinstance(each, AutoField)], list(rows))
    ((text, params),) = query.get_compiler(connection=connection).as_sql()
    return Statement(text, params, rows=len(rows), about=model.__name__)


class GuardRefused(Exception):
    """A statement touched other than its rows: the caller's transaction must be rolled back.

    Never leaves a service, which reads again and decides again.
    """

    def __init__(self, statement: Statement, found: int) -> None:
        self.statement = statement
        self.found = found
        super().__init__(f"{statement.about}: {found} rows instead of {statement.rows}")


class NotInTransaction(RuntimeError):
    """Guarded statements ran outside of a transaction: a programming error."""


def run(statements: Sequence[Statement]) -> None:
    """Send the statements in this order and in one round trip.

    Raises GuardRefused for the first that touched other than its rows, Busy for a lock that was not
    had in time, and other errors of django.db as single queries do. Within `locks.patience`, each
    statement may take what is left of it.
    """
    if not connection.in_atomic_block:
        raise NotInTransaction
    connection.ensure_connection()
    raw: psycopg.Connection[Any] = connection.connection
    with locks.waiting(), locks.spending() as left, connection.wrap_database_errors:
        sent = []
        with raw.pipeline():
            if left is not None:
                bound = f"SET LOCAL statement_timeout = {left}".encode()
                psycopg.Cursor(raw).execute(bound, prepare=False)
            for statement in statements:
                cursor = psycopg.Cursor(raw)
                cursor.execute(statement.sql.encode(), statement.params)
                sent.append(cursor)
            if left is not None:
                bound = b"SET LOCAL statement_timeout TO DEFAULT"
                psycopg.Cursor(raw).execute(bound, prepare=False)
    for statement, cursor in zip(statements, sent, strict=True):
        if statement.rows is not None and cursor.rowcount != statement.rows:
            raise GuardRefused(statement, cursor.rowcount)
