from typing import Any, ClassVar

from django.core.files.storage import default_storage
from django.db import models
from django.utils.translation import gettext_lazy as _

from loyalty_project.core.models import AsyncAction, AsyncActionStatus, ProjectOwned, PublicIdField


class Export(ProjectOwned):
    """A file of rows that somebody asked for; `action` is the work that writes it.

    `file` is its name in the storage, empty until it is there. `parameters` are the published ones.
    """

    public_id = PublicIdField("exp_")
    exported_object = models.CharField(_("what"), max_length=24)
    parameters: Any = models.JSONField(default=dict)
    action = models.OneToOneField(AsyncAction, on_delete=models.PROTECT, related_name="export")
    channel = models.CharField(_("channel"), max_length=12, blank=True)
    file = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        indexes: ClassVar = [
            models.Index(fields=["project", "-created_at", "-id"], name="reporting_export_recent")
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def status(self) -> str:
        """The published status: SCHEDULED, IN_PROGRESS, DONE or ERROR."""
        names = {
            AsyncActionStatus.ENQUEUED: "SCHEDULED",
            AsyncActionStatus.FAILED: "ERROR",
        }
        status = AsyncActionStatus(self.action.status)
        return names.get(status, str(status))

    @property
    def is_there(self) -> bool:
        return bool(self.file) and default_storage.exists(self.file)
