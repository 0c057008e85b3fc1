from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from loyalty_project.core.models.api_key import ApiKey, ManagementKey
from loyalty_project.core.models.base import ProjectOwned


class ApiCall(ProjectOwned):
    """A call that a known key made, never what was sent or answered.

    `created_at` is when it came in. `route` has names for values, `/v1/vouchers/{code}`, and is
    empty where there is no such endpoint. `error` is the key of the published error body.
    """

    api_key = models.ForeignKey(
        ApiKey,
        on_delete=models.CASCADE,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name=_("API key"),
    )
    management_key = models.ForeignKey(
        ManagementKey,
        on_delete=models.CASCADE,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name=_("management key"),
    )
    method = models.CharField(_("method"), max_length=7)
    route = models.CharField(_("route"), max_length=200, blank=True)
    status = models.PositiveSmallIntegerField(_("status"))
    error = models.CharField(_("error"), max_length=80, blank=True)
    milliseconds = models.PositiveIntegerField(_("took"))
    request_id = models.CharField(_("request id"), max_length=48)
    ip = models.GenericIPAddressField(_("address"), null=True)

    class Meta:
        verbose_name = _("API call")
        verbose_name_plural = _("API calls")
        indexes: ClassVar = [
            models.Index(fields=["project", "-created_at", "-id"], name="core_apicall_recent"),
            models.Index(fields=["project", "request_id"], name="core_apicall_request"),
            models.Index(fields=["api_key", "-created_at", "-id"], name="core_apicall_key"),
            models.Index(
                fields=["project", "route", "-created_at", "-id"], name="core_apicall_route"
            ),
            models.Index(
                fields=["project", "-created_at", "-id"],
                name="core_apicall_failed",
                condition=models.Q(status__gte=400),
            ),
            BrinIndex(fields=["created_at"], name="core_apicall_age"),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.route}"
