"""A campaign over the last 100,000 orders, by the worker of an installation."""

import os

ORDERS = int(os.environ.get("BENCH_ORDERS", "100000"))
BASELINE = """
import time
from loyalty_project.core import tenancy
from loyalty_project.core.models import Project
from redemptions.models import OrderItem
with tenancy.scope(Project.objects.get(slug="bench")):
    began = time.perf_counter()
    for _ in OrderItem.objects.values_list("order", "quantity", "amount", "product").iterator():
        pass
    print(time.perf_counter() - began)
"""
REPLAY = """
import time
from campaigns.models import Campaign
from loyalty_project.core import clock, tenancy
from loyalty_project.core.models import AsyncAction, Project
from redemptions.services import replays
project = Project.objects.get(slug="bench")
with tenancy.scope(project):
    campaign = Campaign.objects.get(name="Replayed")
    began = time.perf_counter()
    pk = replays.start(project=project, campaign=campaign, count=COUNT, at=clock.now()).pk
    while AsyncAction.objects.get(pk=pk).status not in {"DONE", "FAILED"}:
        time.sleep(0.2)
    took = time.perf_counter() - began
    assert AsyncAction.objects.get(pk=pk).result["replay"]["orders"] == COUNT
    print(took)
"""


def measure(installation):
    """Seconds from the start to the answer, and its ratio to reading the same lines."""
    _said(installation, f"from tests.benchmarks import data; data.orders('bench', {ORDERS})")
    reading = float(_said(installation, BASELINE))
    seconds = float(_said(installation, REPLAY.replace("COUNT", str(ORDERS))))
    return {
        f"replay {ORDERS:,} orders": {
            "seconds": round(seconds, 1),
            "to_reading": round(seconds / reading, 1),
        }
    }


def _said(installation, code):
    done = installation.run("shell", "-c", code)
    assert not done.returncode, done.stderr
    return done.stdout.strip().rsplit("\n", 1)[-1]
