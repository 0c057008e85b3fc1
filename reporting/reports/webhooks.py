"""Which webhooks fail or were turned off for it, for the first page."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from loyalty_project.core.admin import display
from loyalty_project.core.admin.dashboard import Table
from loyalty_project.core.models import DisabledReason, WebhookEndpoint

MOST = 5
BY_ITSELF = (DisabledReason.GONE, DisabledReason.FAILING)


def alerts() -> list[Table]:
    """A card where there are any; one query."""
    found = WebhookEndpoint.objects.filter(
        Q(active=True, failing_since__isnull=False) | Q(active=False, disabled_reason__in=BY_ITSELF)
    )
    rows = [_row(endpoint) for endpoint in found.order_by("-updated_at", "-pk")[:MOST]]
    if not rows:
        return []
    heads = [_("Webhook"), _("State"), _("Fails since")]
    url = reverse("admin:core_webhookendpoint_changelist")
    return [Table(_("Webhooks that need attention"), heads, rows, url=url)]


def _row(endpoint: WebhookEndpoint) -> tuple[Any, ...]:
    state = _("Fails") if endpoint.active else endpoint.get_disabled_reason_display()
    return display.link_to(endpoint), state, display.when_of(endpoint.failing_since)
