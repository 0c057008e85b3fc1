"""What holds for every route of browsers and apps."""

import pytest

from tests.client import ApiClient
from tests.contract import routes
from tests.factories.api_key import client_headers, server_headers

CLIENT = routes.every("/client/v1")
CLIENT_SCOPES = ("client_validations", "client_redemptions")
NOTHING = dict.fromkeys({name for route in CLIENT for name in route.parameters}, "nothing-here")


@pytest.mark.django_db
@pytest.mark.parametrize("route", CLIENT, ids=str)
def test_a_client_key_for_another_resource_is_refused(route, project):
    narrow = next(name for name in CLIENT_SCOPES if name != route.view.resource)
    for scope in (narrow, "api"):
        caller = ApiClient(client_headers(project, scopes=[scope]))
        answer = caller.call(route.method, route.filled(NOTHING), {})
        assert answer.status_code == 403
        assert answer.json()["key"] == "missing_required_permission"


@pytest.mark.django_db
@pytest.mark.parametrize("route", CLIENT, ids=str)
@pytest.mark.parametrize("role", ["VIEWER", "MERCHANT"])
def test_the_token_of_a_narrow_server_key_writes_nothing_as_a_client(route, role, project):
    server = ApiClient(server_headers(project, role=role))
    wanted = {"grant_type": "client_credentials", "scope": "client_api"}
    token = server.form("/v1/oauth/token", wanted).json()["access_token"]
    answer = ApiClient({"Authorization": f"Bearer {token}"}).call(
        route.method, route.filled(NOTHING), {}
    )
    assert (answer.status_code == 403) is (route.method != "GET"), answer.content
