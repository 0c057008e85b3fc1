"""`/v1/publications`."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns import queries
from campaigns.api import filters
from campaigns.api.inputs.publication import PublicationInput
from campaigns.serializers.publication import (
    PublicationJson,
    listed_publication_json,
    publication_json,
)
from campaigns.services import publications
from loyalty_project.core.api import query
from loyalty_project.core.api.documentation import documented
from loyalty_project.core.api.errors import InvalidQuery
from loyalty_project.core.api.listing import Listing
from loyalty_project.core.api.views import ApiView
from loyalty_project.core.errors import Denied, Invalid

LAST_PAGE = 1000
PUBLICATIONS = Listing(
    ref="publications",
    item=PublicationJson,
    to_json=listed_publication_json,
    order=("created_at", "id", "voucher_code", "tracking_id", "customer_id", "channel"),
    columns={"voucher_code": "voucher__code_key", "customer_id": "customer__public_id"},
    max_page=LAST_PAGE,
    params=filters.PublicationParams,
    filters=filters.PUBLICATIONS,
)
_JOIN_ONCE = OpenApiParameter("join_once", bool, description="Give a customer one code only.")


class PageOverLimit(Invalid):
    key = "page_over_limit"
    message = f"Listing resource above {LAST_PAGE} page is not supported"


class IntegrationKeyRequired(Denied):
    key = "integration_api_key_required"
    message = "Forbidden"


class PublicationsView(ApiView):
    resource = "publications"
    writes_by_get = frozenset({"create_by_query"})

    @documented(summary="List publications", listing=PUBLICATIONS)
    def list(self, _request: Request) -> Response:
        page = query.text(self.query, "page") or "1"
        if page.isdecimal() and int(page) > LAST_PAGE:
            raise PageOverLimit(f"Property .page cannot be higher than {LAST_PAGE}")
        return self.listed(PUBLICATIONS, queries.publications())

    @documented(
        summary="Give codes to a customer",
        request=PublicationInput,
        response=PublicationJson,
        parameters=[_JOIN_ONCE],
    )
    def create(self, _request: Request) -> Response:
        return self._publish(self.parse(PublicationInput))

    @documented(
        summary="Give codes to a customer, by a key of an integration",
        response=PublicationJson,
        parameters=[_JOIN_ONCE],
        errors=[403],
    )
    def create_by_query(self, request: Request) -> Response:
        """Reading that writes: only for keys whose scopes say that they are for publications."""
        credential: Any = request.auth
        key = credential.api_key
        if key is None or self.resource not in key.scopes:
            raise IntegrationKeyRequired
        if not self.query.get("customer"):
            raise InvalidQuery("Query should have required property 'customer'")
        return self._publish(self.checked(PublicationInput, self.query))

    def _publish(self, data: dict[str, Any]) -> Response:
        publication, codes = publications.publish(
            project=self.project,
            data=data,
            join_once=query.text(self.query, "join_once") == "true",
            at=self.at,
        )
        return Response(publication_json(publication, vouchers=codes))
