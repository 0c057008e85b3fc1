"""The baseline of a redemption: a view that sends the same SQL, and does nothing else.

Neither middleware nor framework of an API; the ids of what it writes are new in each call.
"""

import json
import os
import re
import secrets
from functools import cache
from pathlib import Path

import psycopg
from django.db import connection, transaction
from django.http import JsonResponse
from django.urls import path

MARK = re.compile(r"«(=?)(\d+):?([a-z]*_?)»")


def redeem(request):
    json.loads(request.body)
    outside, inside = _statements()
    nonce, keys = secrets.token_hex(8), {}
    _send(outside, nonce, keys)
    with transaction.atomic():
        _send(inside, nonce, keys)
    return JsonResponse({"id": nonce})


@cache
def _statements():
    """`(outside, inside)` the transaction: groups of `(place, statement)` of a round trip each."""
    found = json.loads(Path(os.environ["BENCH_RECORDING"]).read_text())
    outside, inside = [], []
    for place, statement in enumerate(found):
        groups = inside if statement["atomic"] else outside
        if statement["piped"] and groups and groups[-1][-1][0] == place - 1:
            before = groups[-1][-1][1]
            if before["piped"]:
                groups[-1].append((place, statement))
                continue
        groups.append([(place, statement)])
    return outside, inside


def _send(groups, nonce, keys):
    for group in groups:
        if group[0][1]["piped"]:
            connection.ensure_connection()
            with connection.connection.pipeline():
                for _place, statement in group:
                    psycopg.Cursor(connection.connection).execute(_filled(statement, nonce, keys))
            continue
        ((place, statement),) = group
        with connection.cursor() as cursor:
            cursor.execute(_filled(statement, nonce, keys))
            rows = cursor.fetchall() if cursor.description else []
        if statement["key"] is not None:
            keys[place] = rows[0][0]


def _filled(statement, nonce, keys):
    def fill(mark):
        known, number, prefix = mark.groups()
        return str(keys[int(number)]) if known else f"{prefix}{nonce}{number}"

    return MARK.sub(fill, statement["sql"])


urlpatterns = [path("v1/redemptions", redeem)]
