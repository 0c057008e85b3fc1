from typing import Any, Literal, TypedDict, cast

from loyalty_project.core import wire
from loyalty_project.core.models import AsyncAction, AsyncActionStatus

Status = Literal["ENQUEUED", "IN_PROGRESS", "DONE", "FAILED"]


class AsyncActionBaseJson(TypedDict):
    """Bulk work, as lists show it."""

    id: str
    type: str
    status: Status
    operation_status: Literal["SUCCESS", "FAILED", "UNKNOWN"]
    progress: int
    processing_time: int
    request_id: str
    created_at: str
    updated_at: str
    object: Literal["async_action"]


class AsyncActionJson(AsyncActionBaseJson):
    """Bulk work with its result."""

    result: dict[str, Any] | None


class StartedJson(TypedDict):
    """Bulk work that was accepted."""

    async_action_id: str


def started_json(action: AsyncAction) -> StartedJson:
    return {"async_action_id": action.public_id}


def async_action_base_json(action: AsyncAction) -> AsyncActionBaseJson:
    return {
        "id": action.public_id,
        "type": action.type,
        "status": cast("Status", action.status),
        "operation_status": _operation_status(action),
        "progress": action.progress,
        "processing_time": _milliseconds(action),
        "request_id": action.request_id,
        "created_at": wire.instant(action.created_at),
        "updated_at": wire.instant(action.updated_at),
        "object": "async_action",
    }


def async_action_json(action: AsyncAction) -> AsyncActionJson:
    return {**async_action_base_json(action), "result": action.result}


def _operation_status(action: AsyncAction) -> Literal["SUCCESS", "FAILED", "UNKNOWN"]:
    if action.status == AsyncActionStatus.DONE:
        return "SUCCESS"
    return "FAILED" if action.status == AsyncActionStatus.FAILED else "UNKNOWN"


def _milliseconds(action: AsyncAction) -> int:
    if action.started_at is None:
        return 0
    end = action.finished_at or action.updated_at
    return max(0, int((end - action.started_at).total_seconds() * 1000))
