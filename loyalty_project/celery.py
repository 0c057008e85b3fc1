"""The Celery application: wake-ups, and the clock that re-offers what a crash left.

Work itself is rows in PostgreSQL, so a lost message costs seconds and never work.
"""

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "loyalty_project.settings")

SWEEP_SECONDS = 5
BEAT_SECONDS = 5

app = Celery("wafa")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    accept_content=["json"],
    beat_schedule={
        "sweep": {
            "task": "core.work",
            "schedule": SWEEP_SECONDS,
            # Without a worker, sweeps must not pile up in the broker.
            "options": {"expires": SWEEP_SECONDS},
        },
        "heartbeat": {
            "task": "core.beat",
            "schedule": BEAT_SECONDS,
            "options": {"expires": BEAT_SECONDS},
        },
        "archive": {"task": "campaigns.archive", "schedule": crontab(hour=3, minute=0)},
        "audit": {"task": "rewards.audit", "schedule": crontab(hour=2, minute=30)},
        "check": {"task": "redemptions.check", "schedule": crontab(hour=3, minute=0)},
        "expire": {"task": "rewards.expire", "schedule": 600, "options": {"expires": 600}},
        "fold": {"task": "campaigns.fold", "schedule": 30, "options": {"expires": 30}},
        "release": {"task": "redemptions.release", "schedule": 10, "options": {"expires": 10}},
        "announce": {"task": "campaigns.announce", "schedule": 10, "options": {"expires": 10}},
        "purge": {"task": "core.purge", "schedule": 3600, "options": {"expires": 3600}},
        "purge_exports": {"task": "reporting.purge_exports", "schedule": crontab(hour=3, minute=0)},
    },
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    # Who publishes may be answering a request: it must not wait for a broker that is away.
    broker_transport_options={
        "socket_connect_timeout": 0.2,
        "socket_timeout": 0.2,
        "max_retries": 0,
    },
    task_default_queue="wafa",
    task_ignore_result=True,
    task_publish_retry=False,
    timezone="UTC",
    worker_cancel_long_running_tasks_on_connection_loss=True,
    worker_hijack_root_logger=False,
    worker_prefetch_multiplier=1,
)
app.autodiscover_tasks()


def wait_for_the_broker(**_: Any) -> None:
    """A worker may wait for a slow broker, and has nothing else to do."""
    app.conf.broker_transport_options = {"socket_connect_timeout": 5, "socket_keepalive": True}


worker_init.connect(wait_for_the_broker)
