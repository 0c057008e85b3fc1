"""Calls are counted per key and minute."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.cache.backends.redis import RedisCache

from loyalty_project.core import currencies, throttle
from tests.client import ApiClient
from tests.factories.api_key import server_headers


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@pytest.mark.requirement(213)
def test_above_its_limit_a_key_waits_and_others_go_on(project, at, set_clock):
    set_clock(at + timedelta(seconds=15))
    slow = ApiClient(server_headers(project, rate_limit=2))
    other = ApiClient(server_headers(project, rate_limit=2))
    remaining = []
    for _ in range(2):
        response = slow.get("/v1/async-actions")
        assert response.status_code == 200
        assert response["X-Rate-Limit-Limit"] == "2"
        assert response["X-Rate-Limit-Retry"] == str(int(at.timestamp()) + 60)
        remaining.append(response["X-Rate-Limit-Remaining"])
    assert remaining == ["1", "0"]
    refused = slow.get("/v1/async-actions")
    assert refused.status_code == 429
    assert refused["Retry-After"] == "45"
    assert refused["X-Rate-Limit-Type"] == "api_calls"
    assert refused.json()["message"] == "Too many requests hit the API too quickly."
    assert refused.json()["code"] == 429
    assert other.get("/v1/async-actions").status_code == 200
    set_clock(at + timedelta(seconds=60))
    assert slow.get("/v1/async-actions").status_code == 200


@pytest.mark.requirement(213)
def test_a_refused_write_writes_nothing_and_keeps_no_answer(project, at, set_clock):
    set_clock(at)
    caller = ApiClient(server_headers(project, rate_limit=1))
    caller.get("/v1/async-actions")
    form = {"grant_type": "client_credentials", "scope": "api"}
    key = {"Idempotency-Key": "t-1"}
    assert caller.form("/v1/oauth/token", form, headers=key).status_code == 429
    set_clock(at + timedelta(minutes=1))
    assert caller.form("/v1/oauth/token", form, headers=key).status_code == 200


def test_a_cache_that_is_down_stops_no_call(project, monkeypatch):
    def down(*_args, **_options):
        raise ConnectionError

    caller = ApiClient(server_headers(project, rate_limit=1))
    monkeypatch.setattr(cache, "add", down)
    for _ in range(3):
        assert caller.get("/v1/async-actions").status_code == 200


def test_a_token_counts_for_its_key(project, at, set_clock):
    set_clock(at)
    caller = ApiClient(server_headers(project, rate_limit=2))
    form = {"grant_type": "client_credentials", "scope": "api"}
    token = caller.form("/v1/oauth/token", form).json()["access_token"]
    holder = ApiClient({"Authorization": f"Bearer {token}"})
    assert holder.get("/v1/async-actions").status_code == 200
    assert holder.get("/v1/async-actions").status_code == 429


@pytest.mark.requirement(213)
def test_a_redis_that_is_down_stops_neither_calls_nor_pages(project, monkeypatch):
    """The errors of its client are no OSError."""
    gone = RedisCache("redis://127.0.0.1:1/0", {})
    monkeypatch.setattr(throttle, "cache", gone)
    monkeypatch.setattr(currencies, "cache", gone)
    response = ApiClient(server_headers(project)).get("/v1/async-actions")
    assert response.status_code == 200
    assert response["X-Rate-Limit-Remaining"] == response["X-Rate-Limit-Limit"]
    assert currencies.look_of("EUR").text(125000) == "1,250.00 EUR"
