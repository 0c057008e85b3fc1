"""Which key may call what, from where, and until when."""

from datetime import timedelta

import pytest

from loyalty_project.core import tenancy
from loyalty_project.core.models import ApiKey
from loyalty_project.core.services import api_keys
from tests.client import ApiClient
from tests.factories.api_key import client_headers, management_headers, server_headers

pytestmark = pytest.mark.urls("tests.core.api.routes")


def key_of(project, headers):
    with tenancy.scope(project):
        return ApiKey.objects.get(app_id=headers["X-App-Id"])


@pytest.mark.requirement(212)
def test_one_revoked_key_leaves_the_others(project, at):
    shop, partner = (ApiClient(server_headers(project, name=name)) for name in ("Shop", "Partner"))
    with tenancy.scope(project):
        api_keys.revoke(project=project, key=key_of(project, shop.headers), at=at)
    assert shop.get("/v1/notes").status_code == 401
    assert partner.get("/v1/notes").status_code == 200


@pytest.mark.requirement(212)
def test_a_key_with_scopes_calls_these_resources_only(project):
    partner = ApiClient(server_headers(project, scopes=["async-actions"]))
    assert partner.get("/v1/async-actions").status_code == 200
    response = partner.get("/v1/notes")
    assert response.status_code == 403
    assert response.json()["key"] == "missing_required_permission"
    assert "vouchers.list" in response.json()["details"]


@pytest.mark.requirement(212)
@pytest.mark.parametrize(
    ("role", "method", "path", "status"),
    [
        ("ADMIN", "GET", "/v1/notes", 200),
        ("ADMIN", "POST", "/v1/notes", 200),
        ("USER", "GET", "/v1/notes", 200),
        ("USER", "POST", "/v1/notes", 200),
        ("USER", "POST", "/v1/notes/redeem", 200),
        ("VIEWER", "GET", "/v1/notes", 200),
        ("VIEWER", "POST", "/v1/notes", 403),
        ("VIEWER", "POST", "/v1/notes/redeem", 403),
        ("VIEWER", "POST", "/v1/notes/export", 200),
        ("MERCHANT", "GET", "/v1/notes", 200),
        ("MERCHANT", "POST", "/v1/notes", 403),
        ("MERCHANT", "POST", "/v1/notes/export", 403),
        ("MERCHANT", "POST", "/v1/notes/redeem", 200),
    ],
)
def test_a_role_allows_what_is_published(project, role, method, path, status):
    caller = ApiClient(server_headers(project, role=role))
    data = {"name": "gift"} if method == "POST" else None
    response = caller.call(method, path, data)
    assert response.status_code == status
    if status == 403:
        assert response.json()["key"] == "missing_required_permission"


@pytest.mark.parametrize("role", ["ADMIN", "USER", "VIEWER", "MERCHANT"])
def test_every_role_gets_tokens_that_are_no_more_than_itself(project, role):
    caller = ApiClient(server_headers(project, role=role))
    form = {"grant_type": "client_credentials", "scope": "api"}
    token = caller.form("/v1/oauth/token", form).json()["access_token"]
    holder = ApiClient({"Authorization": f"Bearer {token}"})
    expected = 200 if role in {"ADMIN", "USER"} else 403
    assert holder.post("/v1/notes", {"name": "gift"}).status_code == expected


def test_a_wrong_secret_opens_nothing(project):
    headers = server_headers(project)
    assert ApiClient({**headers, "X-App-Token": "wrong"}).get("/v1/notes").status_code == 401
    other = server_headers(project)
    mixed = {**headers, "X-App-Token": other["X-App-Token"]}
    assert ApiClient(mixed).get("/v1/notes").status_code == 401


def test_an_expired_key_is_over(project, at, set_clock):
    caller = ApiClient(server_headers(project, expires_at=at))
    set_clock(at - timedelta(seconds=1))
    assert caller.get("/v1/notes").status_code == 200
    set_clock(at)
    assert caller.get("/v1/notes").status_code == 401


def test_a_key_may_be_bound_to_addresses(project):
    inside = ApiClient(server_headers(project, allowed_ips=["127.0.0.0/8"]))
    outside = ApiClient(server_headers(project, allowed_ips=["203.0.113.7"]))
    assert inside.get("/v1/notes").status_code == 200
    response = outside.get("/v1/notes")
    assert response.status_code == 403
    assert response.json()["key"] == "forbidden"


def test_behind_a_proxy_the_last_trusted_hop_counts(project, settings):
    caller = ApiClient(server_headers(project, allowed_ips=["203.0.113.7"]))
    spoofed = {"X-Forwarded-For": "203.0.113.7"}
    assert caller.get("/v1/notes", headers=spoofed).status_code == 403
    settings.TRUSTED_PROXIES = 1
    assert caller.get("/v1/notes", headers=spoofed).status_code == 200
    added_by_the_proxy = {"X-Forwarded-For": "203.0.113.7, 198.51.100.1"}
    assert caller.get("/v1/notes", headers=added_by_the_proxy).status_code == 403
    nonsense = {"X-Forwarded-For": "unknown"}
    assert caller.get("/v1/notes", headers=nonsense).status_code == 403


def test_each_kind_of_key_opens_its_own_part_only(project):
    callers = {
        "/v1/no": ApiClient(server_headers(project)),
        "/client/v1/no": ApiClient(client_headers(project)),
        "/management/v1/no": ApiClient(management_headers()),
    }
    for part in callers:
        for own, caller in callers.items():
            assert caller.get(part).status_code == (404 if part == own else 401), (part, own)


def test_a_client_key_works_from_its_origins_only(project):
    caller = ApiClient(client_headers(project, origin="https://shop.example"))
    path = "/client/v1/no"
    assert caller.get(path).status_code == 404
    for origin in ("http://shop.example", "https://shop.example.evil.test", "", "null"):
        assert caller.get(path, headers={"Origin": origin}).status_code == 401
    project.client_trusted_domains = ["https://app.example"]
    project.save()
    assert caller.get(path, headers={"Origin": "https://app.example"}).status_code == 404


def test_a_browser_may_ask_before_it_calls_and_read_the_limits(project):
    caller = ApiClient(client_headers(project, origin="https://shop.example"))
    preflight = ApiClient({}).call(
        "OPTIONS",
        "/client/v1/validations",
        headers={
            "Origin": "https://shop.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "x-client-token",
        },
    )
    assert preflight.status_code == 204
    assert preflight["Access-Control-Allow-Origin"] == "https://shop.example"
    assert "X-Client-Token" in preflight["Access-Control-Allow-Headers"]
    answer = caller.get("/client/v1/no")
    assert answer["Access-Control-Allow-Origin"] == "https://shop.example"
    assert "X-Rate-Limit-Remaining" in answer["Access-Control-Expose-Headers"]
    refused = caller.get("/client/v1/no", headers={"Origin": "https://evil.test"})
    assert "Access-Control-Allow-Origin" not in refused


@pytest.mark.parametrize(
    ("options", "details"),
    [
        ({"role": "KING"}, "There is no role KING; use one of ADMIN, USER, VIEWER, MERCHANT"),
        ({"scopes": ["castles"]}, "There is no resource castles"),
        ({"allowed_ips": ["1.2.3"]}, "1.2.3 is neither an address nor a network"),
    ],
)
def test_a_key_that_makes_no_sense_is_not_made(in_project, options, details):
    with pytest.raises(api_keys.InvalidApiKey) as refused:
        api_keys.create(project=in_project, name="Odd", **options)
    assert refused.value.details == details
    assert not ApiKey.objects.exists()


def test_a_secret_is_shown_once_and_stored_as_a_hash(in_project):
    issued = api_keys.create(project=in_project, name="Shop")
    stored = ApiKey.objects.get()
    assert issued.secret not in str(stored.__dict__)
    assert stored.secret_hint == issued.secret[-4:]
    assert stored.matches(issued.secret)


def test_the_last_use_of_a_key_is_known_to_the_minute(project, at, set_clock):
    caller = ApiClient(server_headers(project))
    assert key_of(project, caller.headers).last_used_at is None
    for seconds in (0, 59, 60):
        set_clock(at + timedelta(seconds=seconds))
        caller.get("/v1/notes")
    key = key_of(project, caller.headers)
    assert key.last_used_at == at + timedelta(seconds=60)
    with tenancy.scope(project):
        assert key.history.count() == 1
