"""`/management/v1/projects/{id}/webhooks` with the published bodies."""

import pytest

from loyalty_project.core import event_names, tenancy
from loyalty_project.core.models import WebhookEndpoint

pytestmark = pytest.mark.django_db

BODY = {"target_url": "https://shop.example/hook", "events": ["redemption.succeeded"]}


@pytest.fixture
def path(project):
    return f"/management/v1/projects/{project.public_id}/webhooks"


@pytest.fixture
def made(management_api, path):
    return management_api.post(path, BODY).json()


def test_a_webhook_is_made_read_changed_and_deleted(management_api, path, made):
    secret = made.pop("secret")
    assert secret.startswith("whsec_")
    assert made == {
        "id": made["id"],
        "target_url": "https://shop.example/hook",
        "events": ["redemption.succeeded"],
        "active": True,
        "description": "",
        "created_at": made["created_at"],
        "updated_at": made["updated_at"],
        "object": "webhook",
    }
    assert made["id"].startswith("wh_")
    one = f"{path}/{made['id']}"
    assert management_api.get(one).json() == made
    listed = management_api.get(path).json()
    assert listed == {"object": "list", "data_ref": "data", "data": [made], "total": 1}

    change = {"target_url": "https://shop.example/b", "events": ["order.x"], "active": False}
    assert management_api.put(one, change).status_code == 400
    changed = management_api.put(one, {**change, "events": ["redemption.failed"]}).json()
    assert (changed["target_url"], changed["events"], changed["active"]) == (
        "https://shop.example/b",
        ["redemption.failed"],
        False,
    )
    assert "secret" not in changed
    assert management_api.delete(one).status_code == 204
    gone = management_api.get(one)
    assert (gone.status_code, gone.json()["resource_type"]) == (404, "webhook")
    assert gone.json()["details"] == f"Cannot find webhook with id {made['id']}"


def test_published_spellings_go_in_and_out_and_ours_stay_inside(
    management_api, path, made, project
):
    given = ["campaign.vouchers.aded", "voucher.gift.balance_added", "voucher.gift.balance_aded"]
    one = f"{path}/{made['id']}"
    with tenancy.scope(project):
        row = WebhookEndpoint.objects.get()
        row.events = ["campaign.started", "redemption.succeeded"]
        row.save()

    assert management_api.get(one).json()["events"] == ["redemption.succeeded"]
    changed = management_api.put(one, {**BODY, "events": given}).json()

    assert changed["events"] == ["campaign.vouchers.aded", "voucher.gift.balance_aded"]
    row.refresh_from_db()
    assert row.events == [
        "campaign.vouchers.added",
        "voucher.gift.balance_added",
        "campaign.started",
    ]
    assert len(set(event_names.to_wire(event_names.published()))) == 60


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"target_url": "http://shop.example/"}, ".target_url: The address must begin with https"),
        ({"target_url": "https://127.0.0.1/"}, "must be one of the public internet"),
        ({"target_url": "https://user@shop.example/"}, "neither user nor password"),
        ({"target_url": None}, "'target_url'"),
        ({"events": ["campaign.started"]}, "Property .events"),
        ({"events": []}, "Property .events must NOT have fewer than 1 items"),
        ({"events": "all"}, "Property .events must be array"),
        ({"active": "maybe"}, "Property .active must be boolean"),
    ],
)
def test_names_what_is_wrong_and_leaves_no_trace(management_api, path, project, change, words):
    answer = management_api.post(path, {**BODY, **change})

    assert (answer.status_code, answer.json()["key"]) == (400, "invalid_payload")
    assert words in answer.json()["details"]
    with tenancy.scope(project):
        assert not WebhookEndpoint.objects.exists()


def test_the_webhook_of_another_project_is_not_there(management_api, made, other_project):
    other = f"/management/v1/projects/{other_project.public_id}/webhooks"

    for method in ("GET", "PUT", "DELETE"):
        answer = management_api.call(method, f"{other}/{made['id']}", BODY)
        assert answer.status_code == 404
    assert management_api.get(other).json()["total"] == 0
