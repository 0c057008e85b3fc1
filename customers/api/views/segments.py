"""`/v1/segments`."""

import django_filters
from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from customers import queries
from customers.api.inputs.segment import SegmentInput
from customers.models import Segment
from customers.serializers.segment import SegmentJson, segment_json
from customers.services import segments
from loyalty_project.core.api import filters
from loyalty_project.core.api.documentation import documented
from loyalty_project.core.api.listing import Listing, ProjectFilterSet
from loyalty_project.core.api.views import ApiView


class SegmentParams(ProjectFilterSet):
    ids = django_filters.CharFilter(method="by_ids", help_text="Ids, repeated.")

    def by_ids(self, rows: QuerySet[Segment], name: str, _value: str) -> QuerySet[Segment]:
        return rows.filter(public_id__in=self.data.getlist(name))


SEGMENTS = Listing(
    ref="data",
    item=SegmentJson,
    to_json=segment_json,
    order=("created_at",),
    params=SegmentParams,
    filters={
        "id": filters.Text("public_id"),
        "name": filters.Text("name"),
        "type": filters.Text("type"),
        "created_at": filters.Date("created_at"),
    },
)


class SegmentsView(ApiView):
    resource = "segments"

    @documented(summary="List segments", listing=SEGMENTS)
    def list(self, _request: Request) -> Response:
        return self.listed(SEGMENTS, queries.segments())

    @documented(summary="Create a segment", request=SegmentInput, response=SegmentJson)
    def create(self, _request: Request) -> Response:
        segment = segments.create(project=self.project, data=self.parse(SegmentInput), at=self.at)
        return Response(segment_json(segment))

    @documented(summary="Get a segment", response=SegmentJson)
    def retrieve(self, _request: Request, segment_id: str) -> Response:
        return Response(segment_json(queries.get_segment(reference=segment_id)))

    @documented(summary="Delete a segment", status=204)
    def destroy(self, _request: Request, segment_id: str) -> Response:
        segment = queries.get_segment(reference=segment_id)
        segments.delete(project=self.project, segment=segment, at=self.at)
        return Response(status=204)
