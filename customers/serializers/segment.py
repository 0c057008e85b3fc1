"""Segments on the wire."""

from typing import Any, Literal, TypedDict

from customers.models import Segment
from loyalty_project.core import wire


class SimpleSegmentJson(TypedDict):
    """A segment where it is named, e.g. at a customer and in events."""

    id: str
    name: str
    object: Literal["segment"]


class SegmentJson(SimpleSegmentJson):
    """A segment. Its customers are those of `/v1/customers?segment_id=`."""

    created_at: str
    updated_at: str
    type: str
    filter: dict[str, Any] | None
    initial_sync_status: Literal["DONE"]


def simple_segment_json(segment: Segment) -> SimpleSegmentJson:
    return {"id": segment.public_id, "name": segment.name, "object": "segment"}


def segment_json(segment: Segment) -> SegmentJson:
    return {
        **simple_segment_json(segment),
        "created_at": wire.instant(segment.created_at),
        "updated_at": wire.instant(segment.updated_at),
        "type": segment.type,
        "filter": None,
        "initial_sync_status": "DONE",
    }
