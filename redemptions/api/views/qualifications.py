"""`/v1/qualifications` and the older endpoints that ask for codes, campaigns and promotions."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from loyalty_project.core.api import query
from loyalty_project.core.api.documentation import documented
from loyalty_project.core.api.views import ApiView
from loyalty_project.core.errors import Invalid
from redemptions.api.inputs.qualification import QualificationInput, wish_of
from redemptions.api.inputs.redeemable import SingleInput, request_of
from redemptions.api.views import requests
from redemptions.context.offered import Offers
from redemptions.context.offers import Filters
from redemptions.serializers.qualification import QualificationJson, best_json, offers_json
from redemptions.serializers.qualified import (
    QualifiedJson,
    campaigns_json,
    vouchers_json,
)
from redemptions.services import qualifications
from redemptions.services.qualifications import LIMIT_MAX, Wish

LIMIT = OpenApiParameter("limit", int, description="How many to answer, up to 50.")


class QualificationsView(ApiView):
    resource = "qualifications"
    any_role = frozenset({"create"})
    trusted = True

    @documented(
        summary="Find what a customer could use, or the best use of several incentives",
        request=QualificationInput,
        response=QualificationJson,
    )
    def create(self, _request: Request) -> Response:
        given = self.parse(QualificationInput)
        requests.speak(given)
        if given.get("best"):
            return Response(self._best(given))
        request = request_of(given, wanted=(), trusted=self.trusted)
        wish = wish_of(given, at=self.at)
        found = qualifications.find(project=self.project, request=request, wish=wish, at=self.at)
        return Response(offers_json(found))

    def _best(self, given: Mapping[str, Any]) -> QualificationJson:
        if not given.get("redeemables"):
            raise Invalid("Payload should have required property 'redeemables'")
        request = request_of(given, trusted=self.trusted)
        return best_json(qualifications.best(project=self.project, request=request, at=self.at))


class ClientQualificationsView(QualificationsView):
    resource = "client_qualifications"
    trusted = False


class OlderQualificationsView(ApiView):
    """Codes and campaigns that a customer could use, as the older endpoints list them."""

    resource = "qualifications"

    @documented(
        summary="Find codes that a customer could use",
        request=SingleInput,
        response=QualifiedJson,
        parameters=[requests.AUDIENCE, LIMIT],
        deprecated=True,
    )
    def vouchers(self, _request: Request) -> Response:
        return Response(vouchers_json(self._found()))

    @documented(
        summary="Find campaigns with codes that a customer could use",
        request=SingleInput,
        response=QualifiedJson,
        parameters=[requests.AUDIENCE, LIMIT],
        deprecated=True,
    )
    def campaigns(self, _request: Request) -> Response:
        return Response(campaigns_json(self._found()))

    def _found(self) -> Offers:
        given = self.parse(SingleInput)
        wish = Wish(
            scenario=requests.scenario_of(self.query),
            filters=Filters(tiers=None, stacks=None),
            limit=query.whole(self.query, "limit", default=10, low=1, high=LIMIT_MAX),
        )
        request = request_of(given, wanted=())
        found = qualifications.find(project=self.project, request=request, wish=wish, at=self.at)
        return replace(found, offers=found.offers[: wish.limit])
