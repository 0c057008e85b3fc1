"""What is over leaves by itself: offers at its end, the lists of the admin by a nightly job."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from campaigns import tasks
from campaigns.models import Campaign

pytestmark = pytest.mark.usefixtures("in_project")
END = "2026-04-10T08:00:00.000Z"


@pytest.fixture
def listed(person):
    """`listed(archive="only")`: the names on the list of campaigns, for who has just signed in."""

    def names(**query):
        http = person("Marketer")
        answer = http.get(reverse("admin:campaigns_campaign_changelist"), query)
        return [row.name for row in answer.context["cl"].result_list]

    return names


@pytest.mark.requirement(72)
def test_nobody_cleans_up_after_a_campaign(api, made, tried, clock, listed):
    def offered():
        found = api.post("/v1/qualifications", {"order": {"amount": 5000}}).json()
        return [offer["id"] for offer in found["redeemables"]["data"]]

    clock(2026, 3, 1)
    campaign = made(code="SPRING", expiration_date=END)
    made(code="EVER", name="Ever")
    assert offered() == ["EVER", "SPRING"]

    clock(2026, 4, 10, 8)
    tasks.archive()
    assert (offered(), listed()) == (["EVER"], ["Ever", "Spring"])
    clock(2026, 7, 9, 7, 59, 59)
    tasks.archive()
    assert listed() == ["Ever", "Spring"]
    clock(2026, 7, 9, 8)
    tasks.archive()

    assert [listed(), listed(archive="only"), listed(archive="too")] == [
        ["Ever"], ["Spring"], ["Ever", "Spring"],
    ]  # fmt: skip
    assert Campaign.objects.get(name="Spring").archived_at == datetime(2026, 7, 9, 8, tzinfo=UTC)
    assert tried("SPRING") == "voucher_expired"
    assert api.get(f"/v1/campaigns/{campaign['id']}").json()["name"] == "Spring"

    longer = {"expiration_date": "2026-08-01T00:00:00.000Z"}
    assert api.put(f"/v1/campaigns/{campaign['id']}", longer).status_code == 200
    tasks.archive()

    assert (listed(), offered(), tried("SPRING")) == (["Ever", "Spring"], ["EVER", "SPRING"], None)
