"""Idempotency-Key: the first answer to a write is kept with its effect, and given again.

The row is inserted in the transaction of the effect, so a concurrent duplicate waits for that
transaction and then finds either the answer or nothing at all. Business refusals are answers too:
they are kept together with whatever the service wrote about them.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import psycopg
from django.db import Error as DatabaseError
from django.db import connection, transaction
from django.http import QueryDict
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from loyalty_project.core.api.errors import handle
from loyalty_project.core.errors import Conflict, Invalid

HEADER = "Idempotency-Key"
KEPT_FOR = timedelta(hours=24)
MAX_KEY = 255
NOT_KEPT = frozenset({409, 429, 500, 503})

_CLAIM = """
INSERT INTO core_idempotencyrecord
    (project_id, key, request_hash, expires_at, created_at, updated_at)
VALUES (%(project)s, %(key)s, %(request_hash)s, %(expires_at)s, %(at)s, %(at)s)
ON CONFLICT ON CONSTRAINT core_idempotency_key DO UPDATE
SET request_hash = EXCLUDED.request_hash, expires_at = EXCLUDED.expires_at,
    status = NULL, body = NULL, created_at = EXCLUDED.created_at, updated_at = EXCLUDED.updated_at
WHERE core_idempotencyrecord.expires_at <= EXCLUDED.created_at
RETURNING id
"""
_FIND = """
SELECT request_hash, status, body FROM core_idempotencyrecord
WHERE project_id IS NOT DISTINCT FROM %(project)s AND key = %(key)s
"""
_KEEP = "UPDATE core_idempotencyrecord SET status = %s, body = %s WHERE id = %s"


class KeyInUse(Conflict):
    key = "idempotency_key_in_use"
    message = "A request with this idempotency key is being processed"


class KeyReused(Invalid):
    key = "idempotency_key_reuse"
    message = "This idempotency key was used for another request"


class InvalidKey(Invalid):
    key = "invalid_idempotency_key"
    message = "Invalid idempotency key"


class _NotKept(Exception):
    """Carries the answer past the transaction that it rolls back."""

    def __init__(self, response: Response) -> None:
        self.response = response


def once(
    request: Request,
    *,
    project_pk: int | None,
    at: datetime,
    run: Callable[[], Response],
    writes: bool = True,
    secrets: frozenset[str] = frozenset(),
) -> Response:
    """The answer of `run`, or the kept answer of the first request with the same key.

    Members named in `secrets` are not kept, and missing in the answer that is given again.
    Raises KeyReused for another request under the key, and KeyInUse where the first one does not
    end within the lock timeout.
    """
    key = request.headers.get(HEADER, "")
    if not key or not writes:
        return run()
    if len(key) > MAX_KEY or not key.isprintable():
        raise InvalidKey(f"{HEADER} must have at most {MAX_KEY} printable characters")
    digest = _digest(request)
    try:
        with transaction.atomic():
            record = _claim(project_pk, key, digest, at=at)
            if record is None:
                return _replayed(project_pk, key, digest)
            return _run_and_keep(record, run, secrets)
    except _NotKept as answer:
        return answer.response


def _claim(project_pk: int | None, key: str, digest: str, *, at: datetime) -> int | None:
    """The id of the new row, or None where the key is taken; waits while its owner runs."""
    values = {
        "project": project_pk,
        "key": key,
        "request_hash": digest,
        "expires_at": at + KEPT_FOR,
        "at": at,
    }
    with connection.cursor() as cursor:
        try:
            cursor.execute(_CLAIM, values)
        except DatabaseError as error:
            if isinstance(error.__cause__, psycopg.errors.LockNotAvailable):
                raise KeyInUse(extra={"retry_after": 1}) from error
            raise
        row = cursor.fetchone()
    return row[0] if row else None


def _replayed(project_pk: int | None, key: str, digest: str) -> Response:
    with connection.cursor() as cursor:
        cursor.execute(_FIND, {"project": project_pk, "key": key})
        row = cursor.fetchone()
    if row is None:
        raise KeyInUse(extra={"retry_after": 1})
    known_digest, status, body = row
    if known_digest != digest:
        raise KeyReused
    data = json.loads(body) if body else None
    return Response(data, status=status, headers={"Idempotent-Replayed": "true"})


def _run_and_keep(record: int, run: Callable[[], Response], secrets: frozenset[str]) -> Response:
    try:
        response = run()
    except Exception as error:
        response = handle(error)
        if response.status_code in NOT_KEPT:
            raise _NotKept(response) from error
    if response.status_code in NOT_KEPT:
        raise _NotKept(response)
    kept = response.data
    if secrets and isinstance(kept, dict):
        kept = {name: value for name, value in kept.items() if name not in secrets}
    body = "" if kept is None else JSONRenderer().render(kept).decode()
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [response.status_code, body, record])
    return response


def _digest(request: Request) -> str:
    """Of method, path, query and content; blanks in JSON and form boundaries do not count."""
    parts = [request.method, request.path_info, request.META.get("QUERY_STRING", "")]
    content = json.dumps(_content(request.data), sort_keys=True, ensure_ascii=True)
    return hashlib.sha256("\n".join([*map(str, parts), content]).encode()).hexdigest()


def _content(data: Any) -> Any:
    if not isinstance(data, QueryDict):
        return data
    return {name: [_form_value(value) for value in values] for name, values in sorted(data.lists())}


def _form_value(value: Any) -> str:
    if not hasattr(value, "chunks"):
        return str(value)
    digest = hashlib.sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return f"{value.name}:{digest.hexdigest()}"
