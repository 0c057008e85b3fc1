"""Endpoints and events for `webhooks`; runs inside an installation (`manage.py shell`)."""

import sys
import time

from django.db import transaction

from loyalty_project.core import clock, outbox, tenancy
from loyalty_project.core.models import Project
from loyalty_project.core.services import webhooks

EVENT = "redemption.succeeded"
DATA = {"redemption": {"id": "r_1", "object": "redemption", "amount": 500}}


def endpoints(urls):
    project = Project.objects.get(slug="bench")
    with tenancy.scope(project):
        for url in urls:
            webhooks.create(project=project, target_url=url, events=[EVENT])


def events(count):
    """So many in one moment, which is printed."""
    project = Project.objects.get(slug="bench")
    with tenancy.scope(project), transaction.atomic():
        for number in range(count):
            subject = f"r_{number}"
            outbox.emit(EVENT, project=project, subject=subject, data=DATA, at=clock.now())
    sys.stdout.write(f"{time.time()}\n")
