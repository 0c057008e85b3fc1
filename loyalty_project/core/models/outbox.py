from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from loyalty_project.core.models.base import ProjectOwned, PublicIdField


class OutboxEvent(ProjectOwned):
    """Something that happened, written in the transaction of the change itself.

    `actor` is the published `{user: {id}}` or `{api_key: {name, app_id}}`, empty for nobody.
    `position` is given when the event is dispatched, in one order per installation, so that a
    reader of positions never skips a transaction that committed late.
    """

    public_id = PublicIdField("ev_")
    type = models.CharField(_("event"), max_length=80)
    subject = models.CharField(_("object"), max_length=64, blank=True)
    about = models.CharField(
        _("whom it concerns"),
        max_length=64,
        blank=True,
        help_text=_("Public id, for activity lists."),
    )
    group_id = models.CharField(_("request"), max_length=48, blank=True)
    channel = models.CharField(_("channel"), max_length=16, default="INTERNAL")
    actor = models.JSONField(_("who"), default=dict)
    data = models.JSONField(_("data"))
    occurred_at = models.DateTimeField(_("occurred"))
    position = models.BigIntegerField(_("position"), null=True, unique=True)
    dispatched_at = models.DateTimeField(_("dispatched"), null=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes: ClassVar = [
            models.Index(
                fields=["id"],
                name="core_outbox_undispatched",
                condition=models.Q(dispatched_at__isnull=True),
            ),
            models.Index(fields=["project", "subject", "id"], name="core_outbox_subject"),
            models.Index(
                fields=["project", "about", "-id"],
                name="core_outbox_about",
                condition=~models.Q(about=""),
            ),
            models.Index(
                fields=["project", "position"],
                name="core_outbox_feed",
                condition=models.Q(position__isnull=False),
            ),
            models.Index(
                fields=["project", "dispatched_at"],
                name="core_outbox_recent",
                condition=models.Q(position__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.subject}"


class EventDelivery(ProjectOwned):
    """One event for one subscriber inside the application; done exactly once by its job."""

    event = models.ForeignKey(OutboxEvent, on_delete=models.CASCADE, related_name="deliveries")
    subscriber = models.CharField(max_length=120)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["event", "subscriber"], name="core_delivery_event_subscriber"
            )
        ]

    def __str__(self) -> str:
        return f"{self.event_id} → {self.subscriber}"
