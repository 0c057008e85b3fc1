"""What may be forgotten, and when."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session

from loyalty_project.core import tenancy
from loyalty_project.core.models import IdempotencyRecord, Job, JobStatus, OAuthToken


def purge(*, at: datetime) -> None:
    """Delete expired idempotency answers, tokens and sessions, and jobs done a week ago."""
    with tenancy.all_projects():
        IdempotencyRecord.objects.filter(expires_at__lt=at).delete()
        OAuthToken.objects.filter(expires_at__lt=at).delete()
        Job.objects.filter(status=JobStatus.DONE, finished_at__lt=at - timedelta(days=7)).delete()
    Session.objects.filter(expire_date__lt=at).delete()
