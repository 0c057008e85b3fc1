"""`GET /v1/events`: what happened, for whoever reads it in order and remembers how far."""

import re

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from loyalty_project.core import event_names, feed
from loyalty_project.core.api import query
from loyalty_project.core.api.documentation import documented
from loyalty_project.core.api.errors import InvalidQuery
from loyalty_project.core.api.views import ApiView
from loyalty_project.core.errors import NotFound
from loyalty_project.core.models import OutboxEvent
from loyalty_project.core.serializers.event import EventFeedJson, EventJson, event_json

_POSITION = re.compile(r"\d{1,18}", re.ASCII)
LATEST = "latest"


class EventView(ApiView):
    resource = "events"

    @documented(
        summary="Read the feed of events",
        response=EventFeedJson,
        parameters=[
            OpenApiParameter(
                "after",
                str,
                description="The `cursor` of the page before; `latest` begins with what is to "
                "come. Without it, the oldest event of the last 30 days is first.",
            ),
            OpenApiParameter("limit", int, description="Rows, 100 unless given, 500 at most."),
            OpenApiParameter(
                "types", str, description="Only events of these names, joined by commas."
            ),
        ],
        errors=(410,),
    )
    def list(self, _request: Request) -> Response:
        limit = query.whole(self.query, "limit", default=100, low=1, high=500)
        page = feed.read(
            project=self.project,
            after=self._after(),
            limit=limit,
            types=_types(self.query),
            at=self.at,
        )
        answer: EventFeedJson = {
            "object": "list",
            "data_ref": "data",
            "data": [event_json(event) for event in page.events],
            "has_more": page.has_more,
            "cursor": str(page.cursor),
        }
        return Response(answer)

    @documented(summary="Get an event", response=EventJson)
    def retrieve(self, _request: Request, event_id: str) -> Response:
        event = OutboxEvent.objects.filter(
            project=self.project, public_id=event_id, position__isnull=False
        ).first()
        if event is None:
            raise NotFound.of("event", event_id)
        return Response(event_json(event))

    def _after(self) -> int | None:
        given = query.text(self.query, "after")
        if not given:
            return None
        if given == LATEST:
            return feed.latest(project=self.project)
        if not _POSITION.fullmatch(given):
            raise InvalidQuery("Query param 'after' must be the cursor of an earlier answer")
        return int(given)


def _types(tree: query.Tree) -> list[str]:
    """The names in `types`, in either spelling. Raises InvalidQuery naming an unknown one."""
    given = tree.get("types") or []
    texts = given if isinstance(given, list) else str(given).split(",")
    names = event_names.from_wire(text.strip() for text in texts if isinstance(text, str))
    for name in names:
        if name not in event_names.known():
            raise InvalidQuery(f"Query param 'types': there is no event {name[:80]!r}")
    return names
