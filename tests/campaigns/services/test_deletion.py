"""Jobs that wait while their campaign is deleted for good end at once and say so."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campaigns.models import Campaign, Voucher
from campaigns.services import deletion, generation, imports, propagation
from loyalty_project.core import codes
from loyalty_project.core.models import AsyncAction, Job, OutboxEvent
from tests.factories.campaign import CampaignFactory


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def generate(**values):
    return generation.start(**values, count=10, config=codes.CodeConfig(pattern="T#####"))


def read_list(**values):
    return imports.start(**values, rows=[{"code": "A"}])


def read_file(**values):
    return imports.start_csv(**values, upload=SimpleUploadedFile("codes.csv", b"code\nA\n"))


def change(**values):
    return propagation.start(**values, changes={"redemption_limit": 2})


@pytest.mark.parametrize("gone", [True, False], ids=["for good", "into the bin"])
@pytest.mark.parametrize("start", [generate, read_list, read_file])
def test_a_job_that_waits_ends_at_its_first_try(in_project, at, set_clock, work, start, gone):
    set_clock(at)
    campaign = CampaignFactory()
    waiting = start(project=in_project, campaign=campaign, at=at + timedelta(seconds=gone))
    deletion.delete_campaign(project=in_project, campaign=campaign, force=gone, at=at)

    work()
    set_clock(at + timedelta(seconds=1))
    work()

    waiting.refresh_from_db()
    assert (waiting.status, waiting.result["message"]) == ("FAILED", "The campaign was deleted")
    assert set(Job.objects.values_list("status", "attempts")) == {("DONE", 1)}
    assert not Voucher.objects.exists()
    assert Campaign.objects.exists() is not gone


def test_a_change_that_waits_has_nothing_to_do(in_project, at, set_clock, work):
    set_clock(at)
    campaign = CampaignFactory()
    waiting = change(project=in_project, campaign=campaign, at=at + timedelta(seconds=1))
    deletion.delete_campaign(project=in_project, campaign=campaign, force=True, at=at)

    work()
    set_clock(at + timedelta(seconds=1))
    work()

    waiting.refresh_from_db()
    assert (waiting.status, waiting.result["done_count"]) == ("DONE", 0)
    assert set(AsyncAction.objects.values_list("status", flat=True)) == {"DONE"}
    assert not OutboxEvent.objects.filter(type="campaign.updated").exists()
