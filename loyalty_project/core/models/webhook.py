"""Addresses of other systems that are told of events, and what each was told."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from loyalty_project.core.models.base import ProjectOwned, PublicIdField
from loyalty_project.core.models.history import project_history
from loyalty_project.core.models.outbox import OutboxEvent
from loyalty_project.core.webhooks.signing import new_secret

# What changes with each attempt is no version of the endpoint, and secrets are in no history.
_UNVERSIONED = [
    "secret",
    "previous_secret",
    "failing_since",
    "failures",
    "warned_days",
    "resting_until",
]


class DisabledReason(models.TextChoices):
    PERSON = "PERSON", _("Turned off by a person")
    GONE = "GONE", _("It answered 410: it does not want events any more")
    FAILING = "FAILING", _("Every attempt of five days failed")


class WebhookEndpoint(ProjectOwned):
    """`events` are names of events as in the feed. A secret signs what is sent.

    After a rotation, `previous_secret` signs as well until `previous_secret_until`. While attempts
    fail, `failing_since` is the time of the first; nothing is sent before `resting_until`.
    """

    public_id = PublicIdField("wh_")
    target_url = models.CharField(
        _("address"),
        max_length=2000,
        help_text=_("Where events are sent by POST, e.g. https://shop.example.com/wafa."),
    )
    description = models.CharField(
        _("description"), max_length=200, blank=True, help_text=_("Which system listens there.")
    )
    events = models.JSONField(
        _("events"), default=list, help_text=_("What it is told of; nothing else is sent.")
    )
    active = models.BooleanField(
        _("active"), default=True, help_text=_("While it is off, nothing is sent or kept for it.")
    )
    disabled_reason = models.CharField(
        _("why it is off"),
        max_length=10,
        choices=DisabledReason.choices,
        blank=True,
        editable=False,
    )
    secret = models.CharField(max_length=100, default=new_secret, editable=False)
    previous_secret = models.CharField(max_length=100, blank=True, editable=False)
    previous_secret_until = models.DateTimeField(
        _("old secret signs until"), null=True, editable=False
    )
    failing_since = models.DateTimeField(_("failing since"), null=True, editable=False)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    warned_days = models.PositiveSmallIntegerField(default=0, editable=False)
    resting_until = models.DateTimeField(_("waits until"), null=True, editable=False)

    history = project_history(excluded_fields=_UNVERSIONED)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        indexes: ClassVar = [
            models.Index(
                fields=["project"],
                name="core_webhookendpoint_active",
                condition=models.Q(active=True),
            )
        ]

    def __str__(self) -> str:
        return self.description or self.target_url


class DeliveryStatus(models.TextChoices):
    PENDING = "PENDING", _("Waiting")
    DELIVERED = "DELIVERED", _("Delivered")
    DEAD = "DEAD", _("Given up")


class WebhookDelivery(ProjectOwned):
    """One event for one endpoint; its id is the `webhook-id` of every attempt.

    `due_at` is when it may be sent next: a lease moves it on, so that what a dead sender held
    comes due again. `fence` rises with each lease. `body` is built at the first and stays.
    `tries` are `{at, status, error, seconds, answer}`, oldest first.
    """

    public_id = PublicIdField("whs_")
    endpoint = models.ForeignKey(
        WebhookEndpoint,
        on_delete=models.CASCADE,
        related_name="deliveries",
        verbose_name=_("webhook"),
    )
    event = models.ForeignKey(
        OutboxEvent,
        on_delete=models.CASCADE,
        related_name="webhook_deliveries",
        verbose_name=_("event"),
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=DeliveryStatus.choices,
        default=DeliveryStatus.PENDING,
    )
    due_at = models.DateTimeField(_("next attempt"))
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    fence = models.PositiveBigIntegerField(default=0)
    body = models.TextField(_("request"), blank=True)
    tries = models.JSONField(_("answers"), default=list)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["endpoint", "event"], name="core_webhookdelivery_event")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["endpoint", "due_at", "id"],
                name="core_webhookdelivery_due",
                condition=models.Q(status="PENDING"),
            ),
            models.Index(fields=["project", "-id"], name="core_webhookdelivery_recent"),
            models.Index(
                fields=["project", "-id"],
                name="core_webhookdelivery_dead",
                condition=models.Q(status="DEAD"),
            ),
        ]

    def __str__(self) -> str:
        return self.public_id
