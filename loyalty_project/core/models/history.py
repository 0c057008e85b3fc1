"""Audit history: who, with which key, from which address, in which request; append-only."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager
from django_scopes.state import get_scope
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords

from loyalty_project.core import context, tenancy
from loyalty_project.core.models.base import PublicIdField


def _current_user(instance: Any, **_kwargs: Any) -> Any:
    del instance
    return context.actor().user


class AuditFacts(models.Model):
    """Columns that each history row has beside the copied fields and the person."""

    api_key_pk = models.BigIntegerField(
        _("API key"), null=True, default=context.current_api_key_pk, editable=False
    )
    credential = models.CharField(
        _("key"), max_length=160, blank=True, default=context.current_credential, editable=False
    )
    ip = models.GenericIPAddressField(
        _("address"), null=True, default=context.current_ip, editable=False
    )
    request_id = models.CharField(
        _("request"), max_length=48, blank=True, default=context.current_request_id, editable=False
    )

    class Meta:
        abstract = True


class ScopedAuditFacts(AuditFacts):
    """History of a tenant model: `objects` raises outside of a scope, as on the model itself."""

    objects = ScopedManager(project="project")

    class Meta:
        abstract = True


class Records(HistoricalRecords):
    """A save of none but excluded fields (a counter, the time of a sign-in) is no version."""

    def copy_fields(self, model: Any) -> dict[str, Any]:
        """Without the index of public ids: versions are found by the key of their row.

        Random ids cost an index more than all else that a version costs.
        """
        fields: dict[str, Any] = super().copy_fields(model)
        for name, field in fields.items():
            if isinstance(field, PublicIdField):
                vars(fields[name])["db_index"] = False
        return fields

    def post_save(self, instance: Any, created: bool, using: Any = None, **kwargs: Any) -> None:
        saved = kwargs.get("update_fields")
        if created or saved is None or not set(saved) <= set(self.excluded_fields):
            super().post_save(instance, created, using, **kwargs)


class ScopedHistoryManager(HistoryManager):
    """simple-history reads past the model's manager; this one sees the open scope's rows only."""

    def get_super_queryset(self) -> Any:
        rows = super().get_super_queryset()
        if get_scope().get("_enabled") is False:
            return rows
        return rows.filter(project=tenancy.current_project())


def project_history(**options: Any) -> HistoricalRecords:
    """History for a model with a `project`."""
    return Records(
        bases=[ScopedAuditFacts],
        get_user=_current_user,
        history_manager=ScopedHistoryManager,
        **options,
    )


def platform_history(**options: Any) -> HistoricalRecords:
    """History for platform models (projects, members, people), which belong to no scope."""
    return Records(bases=[AuditFacts], get_user=_current_user, **options)
