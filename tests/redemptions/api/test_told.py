"""What others learn of redemptions and of refused ones: in the feed and at a webhook."""

import json

import pytest

from loyalty_project.core import clock, dispatch, tenancy
from loyalty_project.core.webhooks import sending
from tests import receiver
from tests.factories.webhook import WebhookEndpointFactory

pytestmark = pytest.mark.django_db
TYPES = ["redemption.succeeded", "redemption.failed"]


@pytest.mark.requirement(208)
def test_a_redemption_and_a_refused_one_are_told_with_the_reason(api, project, code, settings):
    settings.WEBHOOK_ALLOW_PRIVATE = settings.WEBHOOK_ALLOW_HTTP = True
    code("ONCE", limit=1)
    body = {"redeemables": [{"object": "voucher", "id": "ONCE"}], "order": {"amount": 2000}}
    with receiver.listening() as shop:
        with tenancy.scope(project):
            WebhookEndpointFactory(target_url=shop.url("/hook"), events=TYPES)
        done = api.post("/v1/redemptions", body).json()["redemptions"][0]
        refused = api.post("/v1/redemptions", body)
        dispatch.dispatch(at=clock.now())
        sending.run()
        sent = [json.loads(text) for _headers, text in shop.to("/hook")]

    feed = api.get("/v1/events", {"types": ",".join(TYPES)}).json()["data"]

    assert refused.status_code == 400
    assert [event["type"] for event in feed] == TYPES
    succeeded, failed = (event["data"]["redemption"] for event in feed)
    assert (succeeded["id"], succeeded["result"]) == (done["id"], "SUCCESS")
    assert feed[0]["entity_id"] == done["id"]
    assert feed[1]["entity_id"].startswith("rf_")
    assert (failed["result"], failed["failure_code"]) == ("FAILURE", "quantity_exceeded")
    assert failed["failure_message"]
    assert feed[1]["data"]["voucher"]["code"] == "ONCE"
    assert sorted((event["type"], event["event"]["id"]) for event in sent) == sorted(
        (event["type"], event["id"]) for event in feed
    )
    assert {event["event"]["event_source"]["api_key"]["name"] for event in sent} == {"Till"}
