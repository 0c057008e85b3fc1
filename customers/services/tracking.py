"""Anonymous tracking ids: what a shop shows in public in place of a customer's source id."""

from django.utils.crypto import salted_hmac

from loyalty_project.core.models import Project

PREFIX = "track_"


def encode(*, project: Project, raw: str) -> str:
    """The `track_…` form of a source id; the same for the same project and source id."""
    if raw.startswith(PREFIX):
        return raw
    digest = salted_hmac("customers.tracking", f"{project.public_id}:{raw}", algorithm="sha256")
    return PREFIX + digest.hexdigest()[:32]
