from typing import Any, Literal, TypedDict

from django.conf import settings

from loyalty_project.core import wire
from reporting.models import Export


class ExportResultJson(TypedDict):
    """The address holds a token that ends after a day; each answer has a new one."""

    url: str


class ExportJson(TypedDict):
    id: str
    object: Literal["export"]
    created_at: str
    status: Literal["SCHEDULED", "IN_PROGRESS", "DONE", "ERROR"]
    channel: str
    exported_object: str
    parameters: dict[str, Any]
    result: ExportResultJson | None
    user_id: str | None


def export_json(export: Export, *, token: str) -> ExportJson:
    """`token` stands in the address of a file that is there."""
    url = f"{settings.SITE_URL}/v1/exports/{export.public_id}?token={token}"
    user = export.action.user_id
    status: Any = export.status
    return {
        "id": export.public_id,
        "object": "export",
        "created_at": wire.instant(export.created_at),
        "status": status,
        "channel": export.channel,
        "exported_object": export.exported_object,
        "parameters": export.parameters,
        "result": {"url": url} if export.file and status == "DONE" else None,
        "user_id": str(user) if user is not None else None,
    }
