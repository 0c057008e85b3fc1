"""Whatever is sent, the answer is a documented status with the published body."""


def test_a_call_without_a_key_is_told_so(api):
    api.headers = {}
    response = api.get("/v1/async-actions")
    assert response.status_code == 401
    body = response.json()
    assert body["code"] == 401
    assert body["key"] == "unauthorized"
    assert body["request_id"] == response["X-Request-Id"]
    assert body["request_id"].startswith("v-")


def test_an_unknown_route_answers_json(api):
    response = api.get("/v1/no-such-thing/1")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/json"
    assert response.json()["key"] == "not_found"
    assert response.json()["details"] == "Cannot GET /v1/no-such-thing/1"
    assert api.get("/v1").status_code == 404
    assert api.get("/v1/").status_code == 404


def test_a_wrong_method_is_named(api):
    response = api.delete("/v1/async-actions")
    assert response.status_code == 405
    assert response.json()["key"] == "method_not_allowed"


def test_a_trailing_slash_is_served_without_a_redirect(api):
    assert api.get("/v1/async-actions/").status_code == 200
