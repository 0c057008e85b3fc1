"""Long work leaves room for what is short."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from customers.models import Customer
from customers.services import erasure, imports
from loyalty_project.core import bulk, clock, dispatch, jobs
from loyalty_project.core.models import AsyncAction, EventDelivery, Job

pytestmark = pytest.mark.django_db


def test_an_import_goes_on_after_events_and_short_jobs_had_their_turn(in_project, monkeypatch):
    monkeypatch.setattr(jobs, "SHARE_SECONDS", -1)
    monkeypatch.setattr(bulk, "CHUNK", 2)
    rows = "".join(f"c{number}\n" for number in range(5))
    upload = SimpleUploadedFile("customers.csv", f"source_id\n{rows}".encode())
    imports.start_csv(project=in_project, upload=upload, at=clock.now())

    assert jobs.run_due(limit=1) == 1
    assert (Customer.objects.count(), Job.objects.get().status) == (2, "QUEUED")
    erasure.delete(project=in_project, reference="c0", at=clock.now())
    dispatch.dispatch(at=clock.now())
    assert jobs.run_due(seconds=-1) == 1
    assert jobs.run_due(limit=1) == 1
    assert EventDelivery.objects.get().done_at is not None
    assert AsyncAction.objects.get().status == "IN_PROGRESS"
    jobs.run_due()

    action = AsyncAction.objects.get()
    assert (action.status, action.done, action.failed) == ("DONE", 5, 0)
    assert Customer.objects.count() == 5
    assert set(Job.objects.values_list("status", flat=True)) == {"DONE"}
