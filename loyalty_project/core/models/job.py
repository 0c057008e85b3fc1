"""Work that outlives a request: rows are the truth, the broker only wakes workers up."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from loyalty_project.core import context
from loyalty_project.core.models.base import ProjectOwned, PublicIdField


class JobStatus(models.TextChoices):
    QUEUED = "QUEUED", _("Queued")
    RUNNING = "RUNNING", _("Running")
    DONE = "DONE", _("Done")
    FAILED = "FAILED", _("Failed")


class Job(ProjectOwned):
    """A leased unit of work. `fence` rises with each lease; only its newest holder may write."""

    name = models.CharField(_("handler"), max_length=120)
    params = models.JSONField(_("parameters"), default=dict)
    status = models.CharField(
        _("status"), max_length=10, choices=JobStatus.choices, default=JobStatus.QUEUED
    )
    run_at = models.DateTimeField(_("due"))
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    leased_until = models.DateTimeField(_("leased until"), null=True)
    fence = models.PositiveBigIntegerField(default=0)
    error = models.TextField(_("error"), blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes: ClassVar = [
            models.Index(
                fields=["run_at", "id"],
                name="core_job_open",
                condition=models.Q(status__in=["QUEUED", "RUNNING"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.pk}"


class Heartbeat(models.Model):
    """When a worker or beat was last seen alive; read by `doctor` and `/readyz`."""

    name = models.CharField(max_length=20, primary_key=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class AsyncActionStatus(models.TextChoices):
    """The published states."""

    ENQUEUED = "ENQUEUED", _("Waiting")
    IN_PROGRESS = "IN_PROGRESS", _("Running")
    DONE = "DONE", _("Done")
    FAILED = "FAILED", _("Failed")


class AsyncAction(ProjectOwned):
    """Bulk work that people watch; `done + failed` of `total` units, resumable from `cursor`.

    `result` is the published `{message, done_count, failed_count, failed: […]}`.
    """

    public_id = PublicIdField("aa_")
    type = models.CharField(_("type"), max_length=60)
    status = models.CharField(
        _("status"),
        max_length=12,
        choices=AsyncActionStatus.choices,
        default=AsyncActionStatus.ENQUEUED,
    )
    subject = models.CharField(_("object"), max_length=64, blank=True)
    params = models.JSONField(_("parameters"), default=dict)
    total = models.PositiveIntegerField(_("total"), default=0)
    done = models.PositiveIntegerField(_("done"), default=0)
    failed = models.PositiveIntegerField(_("failed"), default=0)
    cursor = models.JSONField(default=dict, editable=False)
    result = models.JSONField(_("result"), null=True)
    request_id = models.CharField(
        _("request"), max_length=48, blank=True, default=context.current_request_id
    )
    user = models.ForeignKey(
        "core.User", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("person")
    )
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("background task")
        verbose_name_plural = _("background tasks")
        indexes: ClassVar = [
            models.Index(fields=["project", "-created_at"], name="core_asyncaction_recent"),
            models.Index(fields=["project", "subject"], name="core_asyncaction_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.public_id}"

    @property
    def progress(self) -> int:
        """Percent of `total` that is done or failed, 0 to 100."""
        if self.status == AsyncActionStatus.DONE:
            return 100
        return min(99, 100 * (self.done + self.failed) // self.total) if self.total else 0


class RefusedRows(ProjectOwned):
    """What one chunk of bulk work refused: `[{"line", "column", "reason", …}]`, for the report."""

    action = models.ForeignKey(AsyncAction, on_delete=models.CASCADE, related_name="refused")
    failures = models.JSONField()

    def __str__(self) -> str:
        return f"{self.action_id}: {len(self.failures)}"
