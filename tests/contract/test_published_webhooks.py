"""Webhooks of the management API, as its published file describes them."""

import pytest

from tests.contract import published

LIST = "/management/v1/projects/{projectId}/webhooks"
ONE = f"{LIST}/{{webhookId}}"


@pytest.mark.django_db
def test_takes_the_published_webhook_and_answers_as_published(management_api, project):
    example = published.example("management", "POST", LIST, 200)
    if example is None:
        return
    path = LIST.replace("{projectId}", project.public_id)
    body = {"target_url": "https://shop.example/hook", "events": example["events"]}

    def complaints(method, published_path, answer):
        status = answer.status_code
        return published.errors("management", method, published_path, status, answer.json())

    made = management_api.post(path, body)
    one = f"{path}/{made.json()['id']}"

    assert set(example) <= set(made.json())
    assert complaints("POST", LIST, made) == []
    assert complaints("POST", LIST, management_api.post(path, {"events": []})) == []
    assert complaints("GET", LIST, management_api.get(path)) == []
    assert complaints("GET", ONE, management_api.get(one)) == []
    assert complaints("PUT", ONE, management_api.put(one, {**body, "active": False})) == []
    assert management_api.delete(one).status_code == 204
    assert complaints("GET", ONE, management_api.get(one)) == []
