"""POST /v1/redemptions: a try again is one redemption, and a project sees its own."""

import pytest

from redemptions.models import Redemption

pytestmark = pytest.mark.django_db


def wanted(*names):
    return [{"object": "voucher", "id": name} for name in names]


@pytest.mark.requirement(190)
def test_gives_the_first_answer_again_under_the_same_idempotency_key(api, code):
    code("FIVE")
    body = {"redeemables": wanted("FIVE"), "order": {"amount": 2000}}
    headers = {"Idempotency-Key": "till-7-0001"}

    first = api.post("/v1/redemptions", body, headers=headers)
    second = api.post("/v1/redemptions", body, headers=headers)

    assert first.status_code == second.status_code == 200
    assert first.json() == second.json()
    assert second["Idempotent-Replayed"] == "true"
    assert Redemption.objects.count() == 1


def test_keeps_a_refusal_and_its_record_under_an_idempotency_key(api, code):
    code("OFF", active=False)
    body = {"redeemables": wanted("OFF")}
    headers = {"Idempotency-Key": "till-7-0002"}

    first = api.post("/v1/redemptions", body, headers=headers)
    second = api.post("/v1/redemptions", body, headers=headers)

    failed = Redemption.objects.get()
    assert first.status_code == 400
    assert first.json() == second.json()
    assert first.json()["resource_id"] == failed.public_id


@pytest.mark.requirement(175, 198)
def test_a_code_of_another_project_looks_like_an_unknown_one(api, other_api, code):
    voucher = code("FIVE", limit=1)

    answers = [
        other_api.post("/v1/redemptions", {"redeemables": wanted(name)}).json()
        for name in ("FIVE", "NOSUCH")
    ]

    for answer, name in zip(answers, ("FIVE", "NOSUCH"), strict=True):
        assert answer.pop("details") == f"Cannot find voucher with id {name}"
        assert answer.pop("redeemable_id") == name
        assert answer.pop("resource_id").startswith("rf_")
        assert answer.pop("request_id").startswith("v-")
    assert answers[0] == answers[1]
    voucher.refresh_from_db()
    assert voucher.redeemed_count == 0
    assert not Redemption.objects.exists()


@pytest.mark.requirement(175)
def test_the_same_code_of_two_projects_is_two_codes(api, other_api, other_project, code):
    mine = code("SAME", limit=1)
    theirs = code("SAME", limit=1, project=other_project)

    assert other_api.post("/v1/redemptions", {"redeemables": wanted("SAME")}).status_code == 200

    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.redeemed_count, theirs.redeemed_count) == (0, 1)
