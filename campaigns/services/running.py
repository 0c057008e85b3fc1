"""When a campaign begins to work and when it ceases, told once each time: `campaign.started`,
`campaign.stopped`.

A switch or a change tells at once, a date that passes within seconds, by a sweep.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from campaigns import events
from campaigns.models import Campaign
from loyalty_project.core.models import Project

BATCH = 500


def announce(*, project: Project, campaign: Campaign, at: datetime) -> None:
    """Tell if the campaign works now and did not before, or the other way round.

    In the caller's transaction, after what it changed has been written.
    """
    now = Campaign.objects.filter(_works(at), project=project, pk=campaign.pk).exists()
    changed = Campaign.objects.filter(pk=campaign.pk, running=not now).update(running=now)
    if changed:
        campaign.running = now
        name = "campaign.started" if now else "campaign.stopped"
        events.campaign_changed(name, campaign=campaign, at=at)


def announce_due(*, project: Project, at: datetime) -> int:
    """Tell of campaigns whose beginning or end has come; the number looked at."""
    works = _works(at)
    found = Campaign.objects.filter(
        (works & Q(running=False)) | (~works & Q(running=True)), project=project
    )
    due = list(found.select_related("category", "project").order_by("pk")[:BATCH])
    for campaign in due:
        with transaction.atomic():
            announce(project=project, campaign=campaign, at=at)
    return len(due)


def _works(at: datetime) -> Q:
    begun = Q(starts_at__isnull=True) | Q(starts_at__lte=at)
    lasts = Q(expires_at__isnull=True) | Q(expires_at__gt=at)
    return Q(active=True, deleted_at__isnull=True) & begun & lasts
