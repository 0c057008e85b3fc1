"""Endpoints of webhooks: what they listen to, their secrets, and deliveries made again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from loyalty_project.core import event_names, outbox
from loyalty_project.core.errors import Conflict, Invalid, NotFound
from loyalty_project.core.models import (
    DeliveryStatus,
    DisabledReason,
    Project,
    WebhookDelivery,
    WebhookEndpoint,
)
from loyalty_project.core.wakeup import wake_workers
from loyalty_project.core.webhooks import address, outcomes
from loyalty_project.core.webhooks.signing import new_secret

ROTATION = timedelta(hours=24)
LONGEST_ROTATION = timedelta(days=7)
MAX_ENDPOINTS = 100


@dataclass(frozen=True, slots=True)
class Issued:
    """An endpoint with its new secret in clear, to be shown once."""

    endpoint: WebhookEndpoint
    secret: str


class WebhookOff(Conflict):
    key = "webhook_disabled"
    message = "Webhook is disabled"
    explanation = _("The webhook is off. Turn it on first.")


def find(*, project: Project, public_id: str) -> WebhookEndpoint:
    endpoint: WebhookEndpoint | None = WebhookEndpoint.objects.filter(
        project=project, public_id=public_id
    ).first()
    if endpoint is None:
        raise NotFound.of("webhook", public_id)
    return endpoint


def create(
    *,
    project: Project,
    target_url: str,
    events: Sequence[str],
    description: str = "",
    active: bool = True,
) -> Issued:
    """Raises Invalid for an address that may not be called, or an unknown event."""
    _check_url(target_url)
    wanted = _known(events)
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        if WebhookEndpoint.objects.filter(project=project).count() >= MAX_ENDPOINTS:
            raise Invalid(f"A project has at most {MAX_ENDPOINTS} webhooks")
        endpoint: WebhookEndpoint = WebhookEndpoint.objects.create(
            project=project,
            target_url=target_url,
            description=description,
            events=wanted,
            active=active,
            disabled_reason="" if active else DisabledReason.PERSON,
        )
    return Issued(endpoint, endpoint.secret)


def update(
    *, project: Project, endpoint: WebhookEndpoint, data: Mapping[str, Any]
) -> WebhookEndpoint:
    """Change what is given of `target_url`, `events`, `description` and `active`.

    Raises Invalid as `create` does. Turned on again, an endpoint begins with a clean record.
    """
    if "target_url" in data:
        _check_url(data["target_url"])
    with transaction.atomic():
        locked = _locked(project, endpoint)
        for name in ("target_url", "description"):
            setattr(locked, name, data.get(name, getattr(locked, name)))
        if "events" in data:
            locked.events = _known(data["events"])
        if "active" in data and data["active"] != locked.active:
            _switch(locked, on=data["active"])
        locked.save()
        if locked.active:
            transaction.on_commit(wake_workers)
    return locked


def delete(*, project: Project, endpoint: WebhookEndpoint) -> None:
    """With its deliveries; what is being sent at this moment may still arrive."""
    with transaction.atomic():
        _locked(project, endpoint).delete()


def rotate(
    *,
    project: Project,
    endpoint: WebhookEndpoint,
    at: datetime,
    keep_old_for: timedelta = ROTATION,
) -> Issued:
    """Give the endpoint a new secret; the old one signs as well for `keep_old_for`."""
    if not timedelta(0) <= keep_old_for <= LONGEST_ROTATION:
        raise Invalid("The old secret is kept for seven days at most")
    with transaction.atomic():
        locked = _locked(project, endpoint)
        locked.previous_secret = locked.secret if keep_old_for else ""
        locked.previous_secret_until = at + keep_old_for if keep_old_for else None
        locked.secret = new_secret()
        locked.save()
    return Issued(locked, locked.secret)


def send_test(*, project: Project, endpoint: WebhookEndpoint, at: datetime) -> WebhookDelivery:
    """Send a `webhook.tested` to this endpoint alone, whatever it listens to.

    Raises WebhookOff.
    """
    with transaction.atomic():
        locked = _locked(project, endpoint)
        _check_on(locked)
        event = outbox.emit(
            "webhook.tested",
            project=project,
            subject=locked.public_id,
            data={"webhook": outcomes.named(locked)},
            at=at,
        )
        delivery: WebhookDelivery = WebhookDelivery.objects.create(
            project=project, endpoint=locked, event=event, created_at=at, due_at=at
        )
    return delivery


def send_again(*, project: Project, delivery: WebhookDelivery, at: datetime) -> WebhookDelivery:
    """Begin a delivery anew, under the same id and with the same body. Raises WebhookOff."""
    with transaction.atomic():
        locked: WebhookDelivery = (
            WebhookDelivery.objects.select_for_update(of=("self",), no_key=True)
            .select_related("endpoint")
            .get(project=project, pk=delivery.pk)
        )
        _check_on(locked.endpoint)
        locked.status, locked.attempts, locked.due_at = DeliveryStatus.PENDING, 0, at
        locked.finished_at = None
        locked.save(update_fields=["status", "attempts", "due_at", "finished_at", "updated_at"])
        WebhookEndpoint.objects.filter(pk=locked.endpoint_id).update(resting_until=None)
        transaction.on_commit(wake_workers)
    return locked


def _locked(project: Project, endpoint: WebhookEndpoint) -> WebhookEndpoint:
    found: WebhookEndpoint | None = (
        WebhookEndpoint.objects.select_for_update().filter(project=project, pk=endpoint.pk).first()
    )
    if found is None:
        raise NotFound.of("webhook", endpoint.public_id)
    return found


def _switch(endpoint: WebhookEndpoint, *, on: bool) -> None:
    endpoint.active = on
    endpoint.disabled_reason = "" if on else DisabledReason.PERSON
    if on:
        endpoint.failing_since, endpoint.failures, endpoint.warned_days = None, 0, 0
        endpoint.resting_until = None


def _check_on(endpoint: WebhookEndpoint) -> None:
    if not endpoint.active:
        raise WebhookOff(endpoint.public_id)


def _check_url(url: str) -> None:
    try:
        address.check(url)
    except address.RefusedAddress as error:
        with translation.override("en"):
            details = f"Property .target_url: {error}"
        raise Invalid(details, explanation=str(error)) from error


def _known(events: Sequence[str]) -> list[str]:
    known = set(event_names.known())
    for name in events:
        if name not in known:
            raise Invalid(f"Property .events: there is no event {name!r:.100}")
    return list(dict.fromkeys(events))
