"""What has passed its time goes, what is in use stays."""

import os
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from loyalty_project.core import housekeeping
from loyalty_project.core.models import AsyncAction, WebhookDelivery
from tests.factories.webhook import WebhookDeliveryFactory, WebhookEndpointFactory


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def upload(name, modified):
    stored = default_storage.save(f"imports/proj_1/{name}.csv", ContentFile(b"a\n"))
    os.utime(default_storage.path(stored), (modified.timestamp(), modified.timestamp()))
    return stored


def test_files_that_nobody_reads_are_deleted_after_a_day(in_project, at):
    old, new = at - timedelta(hours=25), at - timedelta(hours=23)
    files = {name: upload(name, old) for name in ("ended", "failed", "unknown", "running")}
    files["fresh"] = upload("fresh", new)
    for name, status in (("ended", "DONE"), ("failed", "FAILED"), ("running", "IN_PROGRESS")):
        AsyncAction.objects.create(type="X", status=status, params={"file": files[name]})

    housekeeping.purge(at=at)

    left = {name for name, file in files.items() if default_storage.exists(file)}
    assert left == {"running", "fresh"}


def test_the_log_of_webhooks_goes_after_30_days_but_for_what_is_on_its_way(in_project, at):
    off = WebhookEndpointFactory(active=False)
    old, new = at - timedelta(days=31), at - timedelta(days=29)
    wanted = [
        WebhookDeliveryFactory(created_at=new),
        WebhookDeliveryFactory(created_at=old, status="PENDING"),
    ]
    WebhookDeliveryFactory(created_at=old)
    WebhookDeliveryFactory(created_at=old, status="PENDING", endpoint=off)

    housekeeping.purge(at=at)

    assert list(WebhookDelivery.objects.order_by("pk")) == wanted


def test_there_may_be_no_files_at_all(db, at):
    housekeeping.purge(at=at)

    assert not default_storage.exists("imports")
