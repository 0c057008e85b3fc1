"""Campaigns that nobody may change."""

from campaigns.models import Campaign
from loyalty_project.core.errors import Invalid


class Protected(Invalid):
    key = "resource_protected"
    message = "Resource is protected"


def refuse(*, campaign: Campaign) -> None:
    """Raise Protected for one that is."""
    if campaign.protected:
        raise Protected(
            f"Resource campaign with id {campaign.public_id} is protected and cannot be modified"
        )
