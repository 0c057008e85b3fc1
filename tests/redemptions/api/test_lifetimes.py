"""Codes that live from their publication on, on the clock of the project in Berlin."""

from datetime import UTC, datetime, timedelta

import pytest

pytestmark = pytest.mark.usefixtures("in_project")
SECOND = timedelta(seconds=1)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def published(api, campaign_id, customer="ada"):
    body = {"campaign": {"id": campaign_id}, "customer": {"source_id": customer}}
    answer = api.post("/v1/publications", body)
    assert answer.status_code == 200, answer.content
    return answer.json()["voucher"]["code"]


@pytest.mark.requirement(73)
@pytest.mark.parametrize(
    ("issued", "ends"),
    [
        ((2026, 1, 10, 11), "2026-02-10T11:00:00.000Z"),
        ((2026, 1, 31, 11), "2026-02-28T11:00:00.000Z"),
        ((2028, 1, 31, 11), "2028-02-29T11:00:00.000Z"),
        ((2026, 3, 15, 11), "2026-04-15T10:00:00.000Z"),  # noon in winter, noon in summer
        ((2026, 1, 30, 23, 30), "2026-02-27T23:30:00.000Z"),  # the 31st already, in Berlin
    ],
)
def test_a_code_lives_for_a_month_from_its_publication(api, made, tried, set_clock, issued, ends):
    set_clock(utc(*issued))
    campaign = made(activity_duration_after_publishing="P1M")

    code = published(api, campaign["id"])

    assert api.get(f"/v1/vouchers/{code}").json()["expiration_date"] == ends
    end = datetime.fromisoformat(ends)
    set_clock(end)
    assert tried(code) == "voucher_expired"
    set_clock(end - SECOND)
    assert tried(code) is None


@pytest.mark.requirement(73)
def test_the_life_of_a_published_code_wins_over_the_end_of_its_campaign(api, made, tried, clock):
    clock(2026, 1, 31, 11)
    campaign = made(
        activity_duration_after_publishing="P1M", expiration_date="2026-02-15T00:00:00Z"
    )
    code = published(api, campaign["id"])
    free = api.post(f"/v1/campaigns/{campaign['id']}/vouchers", {}).json()["code"]
    ask = {"order": {"amount": 5000}, "customer": {"source_id": "ada"}}

    clock(2026, 2, 20)
    offers = api.post("/v1/qualifications", ask).json()["redeemables"]["data"]

    assert [(one["id"], one["expiration_date"]) for one in offers] == [
        (code, "2026-02-28T11:00:00.000Z")
    ]
    assert (tried(code), tried(free)) == (None, "voucher_expired")


@pytest.mark.requirement(73)
def test_a_code_that_was_given_before_there_was_a_lifetime_ends_with_its_campaign(
    api, made, tried, clock
):
    clock(2026, 1, 31, 11)
    campaign = made(expiration_date="2026-02-15T00:00:00Z")
    code = published(api, campaign["id"])
    api.put(f"/v1/campaigns/{campaign['id']}", {"activity_duration_after_publishing": "P1M"})

    clock(2026, 2, 20)

    assert tried(code) == "voucher_expired"


@pytest.mark.requirement(73)
def test_the_one_code_for_everybody_ends_with_its_campaign(api, made, tried, clock):
    clock(2026, 1, 31, 11)
    campaign = made(
        code="SPRING",
        activity_duration_after_publishing="P1M",
        expiration_date="2026-02-15T00:00:00Z",
    )
    published(api, campaign["id"])

    clock(2026, 2, 20)

    assert tried("SPRING") == "voucher_expired"
