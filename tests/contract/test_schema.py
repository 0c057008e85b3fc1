"""Whatever the OpenAPI document allows and forbids, each operation answers as it says there."""

import os
from collections import Counter

import pytest
import schemathesis
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import status_code_conformance

from loyalty_project.core import throttle
from tests.contract.world import World
from tests.factories.api_key import client_headers, management_headers, server_headers

NIGHTLY = bool(os.environ.get("WAFA_NIGHTLY"))
EXAMPLES = settings(
    max_examples=50 if NIGHTLY else 2,
    derandomize=not NIGHTLY,
    deadline=None,
    database=None,
    phases=[Phase.generate, Phase.shrink] if NIGHTLY else [Phase.generate],
    suppress_health_check=list(HealthCheck),
)
SLICES = 4
CHECKS = [not_a_server_error, status_code_conformance]


@pytest.fixture
def known(api, work, project):
    """Ids of objects that are there, by the name of the parameter that takes them."""
    return World.build(api, work, project).parameters()


@pytest.fixture
def schema(known):
    """Calls go to the application of this process, which leaves the test's connection open.

    Django's own client, which made what is known, connects the signals anew.
    """
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/schema?format=json", WSGIHandler())
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def headers_of(path, project):
    if path.startswith("/management/"):
        return management_headers()
    make = client_headers if path.startswith("/client/") else server_headers
    return make(project, rate_limit=1_000_000)


def broken(operation, headers, known, seen):
    """How a made-up call of an operation was answered otherwise than documented; statuses are
    counted in `seen`."""

    @EXAMPLES
    @given(case=operation.as_strategy(), places=st.sampled_from([known, known, {}]))
    def call(case, places):
        case.path_parameters = {
            name: places.get(name, value) for name, value in (case.path_parameters or {}).items()
        }
        # The key is ours; one that is made up would end most calls at the door.
        kept = (case.headers or {}).get("Idempotency-Key")
        case.headers = {"Idempotency-Key": kept} if kept else {}
        cache.clear()
        with transaction.atomic():
            answer = case.call(headers=headers)
            transaction.set_rollback(True)
        seen[answer.status_code] += 1
        case.validate_response(answer, checks=CHECKS)

    try:
        call()
    except (Failure, FailureGroup) as failure:
        return f"{operation.method.upper()} {operation.path}: {failure} {failure.__notes__}"
    return None


@pytest.mark.parametrize("part", range(SLICES))
def test_no_call_breaks_and_no_status_is_undocumented(part, schema, known, project, monkeypatch):
    monkeypatch.setattr(throttle, "MANAGEMENT_LIMIT", 1_000_000)
    operations = [found.ok() for found in schema.get_all_operations()][part::SLICES]
    headers = {path: headers_of(path, project) for path in {op.path for op in operations}}

    seen = Counter()
    found = [broken(op, headers[op.path], known, seen) for op in operations]

    assert len(operations) > 30
    assert seen[200] > seen[401]
    assert [failure for failure in found if failure] == []
