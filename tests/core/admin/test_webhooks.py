"""Webhooks in the admin: made, tried, repaired and sent again by people."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from standardwebhooks import Webhook

from loyalty_project.core import clock, tenancy
from loyalty_project.core.models import AsyncAction, WebhookDelivery, WebhookEndpoint
from loyalty_project.core.services import webhooks
from loyalty_project.core.webhooks import sending
from tests import receiver
from tests.factories.platform import OutboxEventFactory
from tests.factories.webhook import WebhookDeliveryFactory, WebhookEndpointFactory

ADD = "/admin/core/webhookendpoint/add/"


@pytest.fixture
def form(project):
    return {
        "target_url": "https://shop.example/hook",
        "description": "Shop",
        "events": ["campaign.started", "redemption.failed"],
        "_project": project.public_id,
    }


@pytest.fixture
def endpoint(project, here):
    with tenancy.scope(project):
        return WebhookEndpointFactory(target_url=here.url("/a"), description="Shop")


def page(row, name="change"):
    return f"/admin/core/{row._meta.model_name}/{row.pk}/{name}/"


def shown_secret(answer):
    assert "no-store" in answer["Cache-Control"]
    (secret,) = re.findall(r"data-copy>(whsec_[^<]+)<", answer.content.decode())
    return secret


def again(row):
    with tenancy.scope(row.project):
        row.refresh_from_db()
    return row


def test_the_secret_is_shown_once_when_it_is_made(root, form, project):
    secret = shown_secret(root.post(ADD, form))

    with tenancy.scope(project):
        row = WebhookEndpoint.objects.get()
        past = [str(vars(version)) for version in row.history.all()]
    assert (row.secret, row.events) == (secret, ["campaign.started", "redemption.failed"])
    assert secret not in root.get(page(row)).content.decode()
    assert [secret in version for version in past] == [False]


def test_an_address_inside_is_refused_at_its_field(root, form, project):
    answer = root.post(ADD, {**form, "target_url": "https://10.0.0.1/"})

    assert answer.context["adminform"].form.errors == {
        "target_url": ["The address must be one of the public internet."]
    }
    with tenancy.scope(project):
        assert not WebhookEndpoint.objects.exists()


def test_a_new_secret_signs_beside_the_old_one_for_a_while(
    root, project, endpoint, here, set_clock
):
    at, old = clock.now(), endpoint.secret
    body = {"_project": project.public_id, "hours": "1"}

    new = shown_secret(root.post(page(endpoint, "do/rotate"), body))

    for later, secrets in ((0, [new, old]), (2, [new])):
        now = at + timedelta(hours=later)
        set_clock(now)
        with tenancy.scope(project):
            webhooks.send_test(project=project, endpoint=endpoint, at=now)
        sending.run()
        headers, sent = here.to("/a")[-1]
        signatures = [Webhook(key).sign(headers["webhook-id"], now, sent) for key in secrets]
        assert headers["webhook-signature"].split() == signatures


def test_a_test_is_sent_and_its_page_shows_what_was_said(root, project, endpoint, here):
    here.answers["/a"] = receiver.status(422, "No <b>such</b> topic")
    body = {"_project": project.public_id}

    answer = root.post(page(endpoint, "do/send_test"), body)
    before = root.get(answer["Location"]).content.decode()
    sending.run()
    after = root.get(answer["Location"]).content.decode()

    assert "Not sent yet." in before
    assert "HTTP 422" in after
    assert "No &lt;b&gt;such&lt;/b&gt; topic" in after
    assert "webhook.tested" in after
    assert "Every attempt since" in root.get(page(endpoint)).content.decode()


@pytest.mark.requirement(211)
def test_what_was_given_up_is_sent_again_one_by_one_or_as_a_selection(
    root, project, endpoint, here
):
    with tenancy.scope(project):
        dead = [WebhookDeliveryFactory(endpoint=endpoint, attempts=10) for _ in range(2)]
    listed = root.get("/admin/core/webhookdelivery/?status__exact=DEAD").content.decode()
    assert listed.count("Given up") >= 2

    body = {"_project": project.public_id}
    root.post(page(dead[0], "do/send_again"), body)
    chosen = {"action": "send_selected_again", "confirmed": "yes", "_selected_action": dead[1].pk}
    root.post("/admin/core/webhookdelivery/", {**body, **chosen})
    sending.run()

    assert [again(row).status for row in dead] == ["DELIVERED"] * 2
    assert {headers["webhook-id"] for headers, _ in here.to("/a")} == {
        row.public_id for row in dead
    }


@pytest.mark.requirement(211)
@pytest.mark.parametrize(
    ("only_failed", "subjects"), [("", {"a", "b", "c"}), ("on", {"b"})], ids=["all", "failed"]
)
def test_a_stretch_of_time_is_sent_again_as_a_task(
    root, project, endpoint, here, work, only_failed, subjects
):
    now = clock.now().astimezone(ZoneInfo(project.timezone))  # as the form is read
    moments = {"a": 3, "b": 2, "c": 1, "too early": 48, "too late": 0}
    with tenancy.scope(project):
        events = {
            subject: OutboxEventFactory(
                type="order.paid",
                subject=subject,
                occurred_at=now - timedelta(hours=hours),
                dispatched_at=now - timedelta(hours=hours),
                position=100 + place,
            )
            for place, (subject, hours) in enumerate(moments.items())
        }
        for subject, status in (("a", "DELIVERED"), ("b", "DEAD"), ("too early", "DEAD")):
            WebhookDeliveryFactory(endpoint=endpoint, event=events[subject], status=status)
    body = {
        "_project": project.public_id,
        "begins": f"{now - timedelta(hours=10):%Y-%m-%dT%H:%M:%S}",
        "ends": f"{now - timedelta(minutes=5):%Y-%m-%dT%H:%M:%S}",
        "only_failed": only_failed,
    }

    answer = root.post(page(endpoint, "do/replay"), body)
    work()
    sending.run()

    with tenancy.scope(project):
        action = AsyncAction.objects.get()
        sent = WebhookDelivery.objects.filter(status="DELIVERED", attempts=1)
        found = set(sent.values_list("event__subject", flat=True))
    assert answer["Location"].endswith(f"/asyncaction/{action.pk}/change/")
    assert found == subjects
    assert (action.status, action.done, action.total) == ("DONE", len(subjects), len(subjects))
    assert len(here.to("/a")) == len(subjects)


def test_a_stretch_that_is_not_kept_is_refused_at_its_field(root, project, endpoint):
    body = {
        "_project": project.public_id,
        "begins": "2020-01-01T00:00:00",
        "ends": "2020-01-02T00:00:00",
    }

    answer = root.post(page(endpoint, "do/replay"), body)

    assert answer.context["form"].errors == {"begins": ["Events are kept for 30 days"]}


def test_the_switch_turns_it_off_and_on_and_tests_need_it_on(root, project, endpoint):
    body = {"_project": project.public_id}
    root.post(page(endpoint, "do/turn_off"), body)
    row = again(endpoint)
    assert (row.active, row.disabled_reason) == (False, "PERSON")
    assert root.get(page(endpoint, "do/send_test")).status_code == 302

    root.post(page(endpoint, "do/turn_on"), body)
    assert (again(endpoint).active, endpoint.disabled_reason) == (True, "")
