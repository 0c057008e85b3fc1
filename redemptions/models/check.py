from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from loyalty_project.core.models import ProjectOwned


class NightlyCheck(ProjectOwned):
    """One look at what must be true of a project (`redemptions.queries.invariants`).

    `breaches` are `{said, rows}`: what must be true, and the first rows that break it;
    `unfinished` what the database did not answer.
    """

    breaches = models.JSONField(_("breaches"), default=list)
    unfinished = models.JSONField(_("not checked"), default=list)
    checked_at = models.DateTimeField(_("checked"))

    class Meta:
        verbose_name = _("nightly check")
        verbose_name_plural = _("nightly checks")
        indexes: ClassVar = [
            models.Index(fields=["project", "-checked_at"], name="redemptions_check_recent")
        ]

    def __str__(self) -> str:
        return str(self.pk)
