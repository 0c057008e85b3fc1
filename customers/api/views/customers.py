"""`/v1/customers`."""

from typing import Literal, TypedDict

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from customers import queries
from customers.api.inputs.customer import (
    CustomerInput,
    CustomerRowInput,
    CustomerUpdateInput,
)
from customers.models import Customer
from customers.serializers.customer import CustomerJson, customer_json
from customers.serializers.erasure import ErasureJson, erasure_json
from customers.serializers.segment import SimpleSegmentJson, simple_segment_json
from customers.services import customers, erasure, imports
from loyalty_project.core.api.documentation import documented
from loyalty_project.core.api.listing import Listing, ProjectFilterSet, complete
from loyalty_project.core.api.many import MetadataOfManyInput, documented_work
from loyalty_project.core.api.uploads import CsvInput, uploaded
from loyalty_project.core.api.views import ApiView


class CustomerParams(ProjectFilterSet):
    email = django_filters.CharFilter(help_text="Exactly this address.")
    city = django_filters.CharFilter(help_text="Exactly this city.")
    name = django_filters.CharFilter(
        method="by_words", help_text="Words that begin those of the customer."
    )
    segment_id = django_filters.CharFilter(method="in_segment", help_text="Members of a segment.")

    def by_words(self, rows: QuerySet[Customer], _name: str, value: str) -> QuerySet[Customer]:
        return queries.matching(rows, value)

    def in_segment(self, rows: QuerySet[Customer], _name: str, value: str) -> QuerySet[Customer]:
        return rows.filter(segment_memberships__segment__public_id=value)


CUSTOMERS = Listing(
    ref="customers",
    item=CustomerJson,
    to_json=customer_json,
    order=("created_at", "updated_at", "source_id"),
    params=CustomerParams,
    dates=("created_at", "updated_at"),
    max_page=99,
    cursor="created_at",
    prepare=queries.note_gifts,
)


class SegmentsJson(TypedDict):
    """The segments that a customer is in."""

    object: Literal["list"]
    data_ref: Literal["data"]
    data: list[SimpleSegmentJson]
    total: int


class CustomersView(ApiView):
    resource = "customers"

    @documented(summary="List customers", listing=CUSTOMERS)
    def list(self, _request: Request) -> Response:
        return self.listed(CUSTOMERS, queries.all_customers())

    @documented(summary="Create or update a customer", request=CustomerInput, response=CustomerJson)
    def create(self, _request: Request) -> Response:
        data = self.parse(CustomerInput)
        customer = customers.upsert(project=self.project, data=data, at=self.at)
        return Response(customer_json(customer))

    @documented(summary="Get a customer by id or source id", response=CustomerJson)
    def retrieve(self, _request: Request, customer_id: str) -> Response:
        return Response(customer_json(queries.get(reference=customer_id)))

    @documented(summary="Update a customer", request=CustomerUpdateInput, response=CustomerJson)
    def update(self, _request: Request, customer_id: str) -> Response:
        customer = customers.update(
            project=self.project,
            reference=customer_id,
            data=self.parse(CustomerUpdateInput, partial=True),
            at=self.at,
        )
        return Response(customer_json(customer))

    @documented(summary="Delete a customer", status=204)
    def destroy(self, _request: Request, customer_id: str) -> Response:
        erasure.delete(project=self.project, reference=customer_id, at=self.at)
        return Response(status=204)

    @documented(summary="Forget a customer for good", response=ErasureJson)
    def erase(self, _request: Request, customer_id: str) -> Response:
        done = erasure.erase(project=self.project, reference=customer_id, at=self.at)
        return Response(
            erasure_json(
                erasure_id=done.id,
                customer_id=done.customer_id,
                event_types=done.event_types,
                at=done.at,
            )
        )

    @documented(
        summary="List the segments of a customer",
        response=SegmentsJson,
        parameters=[OpenApiParameter("customer_id", str, "path")],
    )
    def segments(self, _request: Request, customer_id: str) -> Response:
        """Newest first; none for an id that is not known, as published."""
        customer = queries.find(reference=customer_id)
        rows = queries.segments().filter(memberships__customer=customer).order_by("-pk")
        found = [simple_segment_json(row) for row in rows] if customer is not None else []
        return Response(complete(found))

    @documented_work(
        summary="Update many customers",
        request=CustomerRowInput(many=True),
    )
    def bulk(self, request: Request) -> Response:
        action = imports.start_bulk(project=self.project, rows=request.data, at=self.at)
        return self.started(action)

    @documented_work(
        summary="Update the metadata of many customers",
        request=MetadataOfManyInput,
    )
    def metadata(self, _request: Request) -> Response:
        data = self.parse(MetadataOfManyInput)
        action = imports.start_metadata(
            project=self.project, source_ids=data["source_ids"], values=data["metadata"], at=self.at
        )
        return self.started(action)


class CustomersCsvView(ApiView):
    resource = "customers"
    parser_classes = (MultiPartParser,)

    @documented_work(
        summary="Import customers from a CSV file",
        request=CsvInput,
        media_type="multipart/form-data",
    )
    def create(self, request: Request) -> Response:
        action = imports.start_csv(project=self.project, upload=uploaded(request), at=self.at)
        return self.started(action)
