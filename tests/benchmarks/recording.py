"""The SQL of one redemption as text, to be sent again by others; runs inside an installation.

What a redemption makes anew becomes a mark: `«n:prefix_»` an id of our own, `«=n»` the key that the
nth statement returned. Two redemptions are compared to tell these ids from those that stay.
"""

import contextlib
import json
import re
from pathlib import Path

import psycopg
from django.db import connection
from django.test import Client

_ID = re.compile(r"\b([a-z]+_)[0-9A-Za-z]{12,}\b")
_FIRST_KEY = 1_000_000_000
_SEQUENCES = """
SELECT setval(oid::regclass, %s + 1000000 * row_number() OVER (ORDER BY oid))
FROM pg_class WHERE relkind = 'S'
"""


def record(headers, body, file):
    """Redeem a few times over the API in this process; write the statements of the last."""
    with connection.cursor() as cursor:
        # Keys that look like nothing else.
        cursor.execute(_SEQUENCES, [_FIRST_KEY])
    client = Client(SERVER_NAME="localhost", headers=headers)
    for _ in range(3):
        _redeem(client, body)
    with recorded() as before:
        _redeem(client, body)
    with recorded() as statements:
        _redeem(client, body)
    Path(file).write_text(json.dumps(_marked(statements, _text(before))))


def _redeem(client, body):
    answer = client.post("/v1/redemptions", json.dumps(body), content_type="application/json")
    assert answer.status_code == 200, answer.content


@contextlib.contextmanager
def recorded():
    """Statements as `{sql, piped, atomic, key}`, also those that bypass the cursors of Django."""
    found, execute = [], psycopg.Cursor.execute

    def noting(self, query, params=None, **options):
        done = execute(self, query, params, **options)
        text = query.decode() if isinstance(query, bytes) else query
        if params is not None:
            text = psycopg.ClientCursor(self.connection).mogrify(text, params)
        found.append({
            "sql": text,
            "piped": self.connection.pgconn.pipeline_status != 0,
            "atomic": connection.in_atomic_block,
            "key": None,
        })  # fmt: skip
        if not found[-1]["piped"] and text.startswith("INSERT") and " RETURNING " in text:
            found[-1]["key"] = self.fetchone()[0]
            self.scroll(0, mode="absolute")
        return done

    psycopg.Cursor.execute = noting
    try:
        yield found
    finally:
        psycopg.Cursor.execute = execute


def trips(statements):
    """How often the database is asked, but for what begins and ends transactions.

    What goes in one pipeline is one question.
    """
    count, piped = 0, False
    for statement in statements:
        if statement["sql"].startswith(("SAVEPOINT", "RELEASE")):
            continue
        count += not (statement["piped"] and piped)
        piped = statement["piped"]
    return count


def _marked(statements, before):
    known, new, keys = {match[0] for match in _ID.finditer(before)}, {}, {}

    def fresh(match):
        if match[0] in known:
            return match[0]
        return f"«{new.setdefault(match[0], len(new))}:{match[1]}»"

    for number, statement in enumerate(statements):
        text = _ID.sub(fresh, statement["sql"])
        for key, place in keys.items():
            text = re.sub(rf"\b{key}\b", f"«={place}»", text)
        if statement["key"] is not None:
            keys[statement["key"]] = number
        statement["sql"] = text
    return statements


def _text(statements):
    return "\n".join(statement["sql"] for statement in statements)
