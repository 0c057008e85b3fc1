"""Tokens of fifteen minutes that never do more than their key."""

from datetime import timedelta

import pytest

from loyalty_project.core import tenancy
from loyalty_project.core.models import ApiKey, MetadataSchema, OAuthToken
from loyalty_project.core.services import api_keys, tokens
from tests.client import ApiClient
from tests.factories.api_key import server_headers

GRANT = {"grant_type": "client_credentials", "scope": "api"}


def bearer(token):
    return ApiClient({"Authorization": f"Bearer {token}"})


def token_for(api, scope="api"):
    return api.form("/v1/oauth/token", {**GRANT, "scope": scope}).json()["access_token"]


def test_a_token_is_issued_as_published(api, at, set_clock):
    set_clock(at)
    response = api.form("/v1/oauth/token", {**GRANT, "scope": "vouchers  campaigns vouchers"})
    body = response.json()
    assert response.status_code == 200
    assert len(body.pop("access_token")) >= 40
    assert body == {
        "client_id": api.headers["X-App-Id"],
        "expires_at": 1772453700,
        "expires_in": 900,
        "scope": "vouchers campaigns",
        "token_type": "Bearer",
    }


def test_the_token_alone_is_enough_for_fifteen_minutes(api, at, set_clock):
    set_clock(at)
    caller = bearer(token_for(api))
    assert caller.get("/v1/async-actions").status_code == 200
    set_clock(at + timedelta(minutes=14, seconds=59))
    assert caller.get("/v1/async-actions").status_code == 200
    set_clock(at + timedelta(minutes=15))
    assert caller.get("/v1/async-actions").status_code == 401


def test_a_token_is_stored_as_a_hash(api):
    token = token_for(api)
    with tenancy.all_projects():
        row = OAuthToken.objects.get()
    assert token not in str(row.__dict__)


@pytest.mark.parametrize(
    ("form", "key", "message"),
    [
        ({}, "missing_parameters", "Missing parameters"),
        ({"grant_type": "client_credentials"}, "missing_parameters", "Missing parameters"),
        ({"grant_type": "password", "scope": "api"}, "invalid_grant_type", "Invalid grant_type"),
        (
            {"grant_type": "client_credentials", "scope": "vouchers,campaigns"},
            "invalid_scope",
            "Invalid scope: vouchers,campaigns",
        ),
    ],
)
def test_a_wrong_request_for_a_token_is_named(api, form, key, message):
    response = api.form("/v1/oauth/token", form)
    assert response.status_code == 400
    assert response.json()["key"] == key
    assert response.json()["message"] == message
    with tenancy.all_projects():
        assert not OAuthToken.objects.exists()


def test_a_token_is_narrowed_to_its_scopes(api):
    caller = bearer(token_for(api, "metadata-schemas"))
    assert caller.get("/v1/metadata-schemas").status_code == 200
    response = caller.get("/v1/async-actions")
    assert response.status_code == 403
    assert response.json()["key"] == "missing_required_permission"
    assert "async-actions.list" in response.json()["details"]


def test_a_token_never_widens_its_key(project):
    narrow = ApiClient(server_headers(project, scopes=["metadata-schemas"]))
    caller = bearer(token_for(narrow, "api"))
    assert caller.get("/v1/metadata-schemas").status_code == 200
    assert caller.get("/v1/async-actions").status_code == 403


def test_a_token_issues_no_tokens(api):
    assert bearer(token_for(api)).form("/v1/oauth/token", GRANT).status_code == 403


def test_introspection_tells_a_live_token_from_all_others(api, other_api):
    token = token_for(api)
    body = api.form("/v1/oauth/introspect", {"access_token": token}).json()
    assert body["active"] is True
    assert body["access_token"] == token
    assert body["scope"] == "api"
    assert 0 < body["expires_in"] <= 900
    for asker, asked in ((api, "unknown"), (other_api, token)):
        response = asker.form("/v1/oauth/introspect", {"access_token": asked})
        assert response.json() == {"active": False}
    response = api.form("/v1/oauth/introspect", {})
    assert response.status_code == 400
    assert response.json()["key"] == "missing_parameters"


def test_a_revoked_token_is_over_at_once(api, other_api):
    token = token_for(api)
    caller = bearer(token)
    assert other_api.form("/v1/oauth/token/revoke", {"access_token": token}).status_code == 404
    assert caller.get("/v1/async-actions").status_code == 200
    assert api.form("/v1/oauth/token/revoke", {"access_token": token}).status_code == 204
    assert caller.get("/v1/async-actions").status_code == 401
    again = api.form("/v1/oauth/token/revoke", {"access_token": token})
    assert again.status_code == 404
    assert again.content == b""


def test_tokens_end_with_their_key_and_survive_a_new_secret(api, project, at):
    caller = bearer(token_for(api))
    with tenancy.scope(project):
        key = ApiKey.objects.get(app_id=api.headers["X-App-Id"])
        api_keys.regenerate(project=project, key=key)
    assert api.get("/v1/async-actions").status_code == 401
    assert caller.get("/v1/async-actions").status_code == 200
    with tenancy.scope(project):
        api_keys.revoke(project=project, key=key, at=at)
    assert caller.get("/v1/async-actions").status_code == 401


def test_a_token_of_one_project_never_sees_another(api, other_api, project, other_project):
    with tenancy.scope(other_project):
        MetadataSchema.objects.create(related_object="customer")
    caller = bearer(token_for(api))
    assert caller.get("/v1/metadata-schemas").json()["total"] == 0
    assert caller.get("/v1/metadata-schemas/customer").status_code == 404
    assert other_api.get("/v1/metadata-schemas/customer").status_code == 200


def test_a_project_has_at_most_a_thousand_live_tokens(api, monkeypatch):
    monkeypatch.setattr(tokens, "MAX_LIVE", 1)
    token_for(api)
    response = api.form("/v1/oauth/token", GRANT)
    assert response.status_code == 429
    assert response["Retry-After"] == "60"
