"""What holds for every route, new ones included, because they are read from the router."""

import pytest

from tests.client import ApiClient
from tests.contract import routes
from tests.factories.api_key import client_headers, management_headers, server_headers

ALL = routes.every()
SERVER = routes.every("/v1")
KEYS = {"/v1": server_headers, "/client/v1": client_headers, "/management/v1": management_headers}
NOTHING = dict.fromkeys({name for route in ALL for name in route.parameters}, "nothing-here")
JUNK = [
    None,
    [],
    [None, 5],
    5,
    "text",
    {"": 1},
    {"id": {"$ne": 1}, "name": ["x"], "code": 5, "order": 5, "customer": [], "redeemables": {}},
    {
        "id": "x" * 5000,
        "name": -1,
        "source_id": True,
        "metadata": 5,
        "items": [[]],
        "amount": 10**30,
        "quantity": 1e300,
        "discount": "x",
        "voucher": [],
        "campaign": {"name": {}},
        "order": {"amount": "x", "items": [{"quantity": {}}]},
        "redeemables": [{"object": 5, "id": None}, None],
        "start_date": "2026-13-45",
        "hierarchy": "x",
        "price": {},
        "customer": {"metadata": "x"},
        "options": 1,
        "session": [],
    },
]
PATHS = ["%2F", "%25", "a'b%22", "%F0%9F%92%A9", "x" * 3000, "null", "-1", "..", "%C2%A0"]
QUERIES = [
    "limit=x",
    "page=0",
    "order=--",
    "filters=1",
    "filters[x][conditions][$in]=1",
    "created_at=1",
    "ids[a]=1",
    "starting_after=x&starting_after_id=x",
    "campaign[a]=1&customer=%C2%A0",
    "expand=x&result=y",
]


def headers_of(route, project):
    part = next(prefix for prefix in KEYS if route.path.startswith(f"{prefix}/"))
    return KEYS[part]() if part == "/management/v1" else KEYS[part](project)


def test_there_are_routes():
    assert len(ALL) > 80


@pytest.mark.django_db
@pytest.mark.parametrize("route", ALL, ids=str)
def test_needs_a_key_of_its_own_part(route, project):
    if getattr(route.view, "authentication_classes", None) == []:
        return
    path = route.filled(NOTHING)
    for prefix, make in KEYS.items():
        if route.path.startswith(f"{prefix}/"):
            continue
        key = make() if prefix == "/management/v1" else make(project)
        assert ApiClient(key).call(route.method, path).status_code == 401
    assert ApiClient({}).call(route.method, path).json()["key"] == "unauthorized"


@pytest.mark.django_db
@pytest.mark.parametrize("route", ALL, ids=str)
def test_never_breaks(route, project):
    """Documented statuses and the published body for anything that may be sent."""
    api = ApiClient(headers_of(route, project))
    answers = [api.call(route.method, route.filled(NOTHING), junk) for junk in JUNK]
    answers += [api.call(route.method, f"{route.filled(NOTHING)}?{text}") for text in QUERIES]
    if route.parameters:
        for odd in PATHS:
            path = route.filled(dict.fromkeys(route.parameters, odd))
            answers.append(api.call(route.method, path))
    for answer in answers:
        assert answer.status_code < 500
        if answer.status_code >= 400 and answer.content:
            body = answer.json()
            assert body["code"] == answer.status_code, body
            assert body["key"], body
            assert isinstance(body.get("details", ""), str), body
            assert body["request_id"] == answer["X-Request-Id"]


@pytest.mark.django_db
@pytest.mark.parametrize("route", SERVER, ids=str)
@pytest.mark.parametrize("role", ["VIEWER", "MERCHANT"])
def test_a_narrow_role_writes_only_where_the_view_says_so(route, role, project):
    listed = route.view.viewer_may if role == "VIEWER" else route.view.merchant_may
    reads = route.method == "GET" and route.action not in route.view.writes_by_get
    allowed = reads or route.view.resource is None or route.action in listed
    caller = ApiClient(server_headers(project, role=role))
    answer = caller.call(route.method, route.filled(NOTHING), {})
    assert (answer.status_code == 403) is not allowed, answer.content


@pytest.mark.django_db
@pytest.mark.parametrize("route", SERVER, ids=str)
def test_a_key_for_another_resource_is_refused(route, project):
    if route.view.resource is None or getattr(route.view, "authentication_classes", None) == []:
        return
    caller = ApiClient(server_headers(project, scopes=["assets"]))
    answer = caller.call(route.method, route.filled(NOTHING), {})
    expected = route.view.resource != "assets"
    assert (answer.status_code == 403) is expected, answer.content
