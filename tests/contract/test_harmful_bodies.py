"""Bodies that could not be kept, or would exhaust the reader, on every route that takes one."""

from time import process_time

import pytest

from loyalty_project.core.api.parsers import MAX_BYTES
from tests.client import ApiClient
from tests.contract import routes
from tests.factories.api_key import client_headers, management_headers, server_headers

# The routes of OAuth take forms.
WRITES = [
    route
    for route in routes.every()
    if route.method in {"POST", "PUT", "PATCH"} and "/oauth/" not in route.path
]
NOTHING = dict.fromkeys({name for route in WRITES for name in route.parameters}, "nothing-here")
# Each with what the answers may be; a path that names nothing is 404 before the body is read.
REFUSED = {400, 404, 415}
BODIES = {
    "NUL in a text": (b'{"name": "a\\u0000b", "code": "a\\u0000b"}', REFUSED),
    "half a pair": (b'{"name": "\\ud800", "metadata": {"x": "\\udfff"}}', REFUSED),
    "other bytes": (b'{"name": "\xff\xfe"}', REFUSED),
    "deep lists": (b"[" * 100_000 + b"]" * 100_000, REFUSED),
    "41 levels": (b'{"metadata":' * 41 + b"1" + b"}" * 41, REFUSED),
    "no number": (b'{"amount": NaN, "order": {"amount": Infinity}}', REFUSED),
    "a huge number": (b'{"amount": 1e400, "order": {"amount": 1e400}}', REFUSED),
    "many digits": (b'{"amount": ' + b"9" * 100_000 + b"}", REFUSED),
    "one byte too many": (b'{"name": "' + b"x" * (MAX_BYTES - 11) + b'"}', {413, 404, 415}),
}
UNREAD = b"missing_required_feature"
SECONDS = 2.0


def headers_of(route, project):
    if route.path.startswith("/management/"):
        return management_headers()
    make = client_headers if route.path.startswith("/client/") else server_headers
    return make(project, rate_limit=1_000_000)


def test_there_are_routes_that_write():
    assert len(WRITES) > 60


@pytest.mark.django_db
@pytest.mark.parametrize("name", BODIES)
def test_is_refused_quickly_by_every_route(name, project):
    body, allowed = BODIES[name]
    project.client_options = {"client_redeem_enabled": True}
    project.save()
    wrong, slow = {}, {}
    headers = {route.path.split("/")[1]: headers_of(route, project) for route in WRITES}
    for route in WRITES:
        api = ApiClient(headers[route.path.split("/")[1]])
        began = process_time()
        answer = api.call(route.method, route.filled(NOTHING), body=body)
        if (took := process_time() - began) > SECONDS:
            slow[str(route)] = took
        if answer.status_code not in allowed and UNREAD not in answer.content:
            wrong[str(route)] = (answer.status_code, answer.content[:200])
    assert wrong == {}
    assert slow == {}
