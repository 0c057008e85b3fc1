"""Campaigns that ended long ago leave the lists; nothing is deleted, and they can come back."""

from datetime import datetime, timedelta

from django.conf import settings

from campaigns.models import Campaign
from loyalty_project.core.models import Project


def archive_ended(*, project: Project, at: datetime) -> int:
    """Put away what ended `ARCHIVE_AFTER_DAYS` ago or earlier; how many campaigns that were."""
    over = at - timedelta(days=settings.ARCHIVE_AFTER_DAYS)
    due = Campaign.objects.filter(project=project, archived_at=None, deleted_at=None)
    return due.filter(expires_at__lte=over).update(archived_at=at)


def bring_back(*, project: Project, campaign: Campaign, at: datetime) -> None:
    """Into the lists again where its end is not over any more; in the caller's transaction."""
    kept = Campaign.objects.filter(project=project, pk=campaign.pk, archived_at__isnull=False)
    if kept.exclude(expires_at__lte=at).update(archived_at=None):
        campaign.archived_at = None
