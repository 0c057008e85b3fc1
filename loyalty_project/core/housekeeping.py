"""What may be forgotten, and when."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.db.models import Q

from loyalty_project.core import async_actions, bulk, tenancy
from loyalty_project.core.models import (
    ApiCall,
    AsyncAction,
    DeliveryStatus,
    IdempotencyRecord,
    Job,
    JobStatus,
    OAuthToken,
    WebhookDelivery,
)

WEBHOOK_LOG = timedelta(days=30)
_AT_ONCE = 10_000


def purge(*, at: datetime) -> None:
    """Delete expired answers, tokens and sessions, jobs done a week ago, files nobody reads, and
    the log of webhooks after 30 days, also what an endpoint that is off never got; the log of API
    calls after `API_LOG_DAYS`.
    """
    with tenancy.all_projects():
        IdempotencyRecord.objects.filter(expires_at__lt=at).delete()
        OAuthToken.objects.filter(expires_at__lt=at).delete()
        Job.objects.filter(status=JobStatus.DONE, finished_at__lt=at - timedelta(days=7)).delete()
        old = WebhookDelivery.objects.filter(created_at__lt=at - WEBHOOK_LOG)
        on_its_way = Q(status=DeliveryStatus.PENDING, endpoint__active=True)
        old.exclude(on_its_way).delete()
        _purge_calls(before=at - timedelta(days=settings.API_LOG_DAYS))
        _purge_files(at=at)
    Session.objects.filter(expire_date__lt=at).delete()


def _purge_calls(*, before: datetime) -> None:
    """In pieces, so that no statement holds a day of calls."""
    old = ApiCall.objects.filter(created_at__lt=before).order_by().values("pk")[:_AT_ONCE]
    while ApiCall.objects.filter(pk__in=old).delete()[0]:
        continue


def _purge_files(*, at: datetime) -> None:
    """Uploads of a day ago whose work has ended, or whose request was never committed."""
    if not default_storage.exists(bulk.FOLDER):
        return
    waiting = AsyncAction.objects.exclude(status__in=async_actions.ENDED)
    wanted = set(waiting.values_list("params__file", flat=True))
    for folder in default_storage.listdir(bulk.FOLDER)[0]:
        for file in default_storage.listdir(f"{bulk.FOLDER}/{folder}")[1]:
            name = f"{bulk.FOLDER}/{folder}/{file}"
            age = at - default_storage.get_modified_time(name)
            if name not in wanted and age > timedelta(days=1):
                default_storage.delete(name)
