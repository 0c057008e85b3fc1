"""`/v1/validations` and the older endpoints for single codes and promotions."""

from rest_framework.request import Request
from rest_framework.response import Response

from loyalty_project.core.api.documentation import documented
from loyalty_project.core.api.views import ApiView
from redemptions.api.inputs.redeemable import SingleInput, ValidationInput, request_of
from redemptions.api.views import requests
from redemptions.serializers import explanation
from redemptions.serializers.legacy import SingleValidationJson, single_json
from redemptions.serializers.promotion import (
    PromotionsValidationJson,
    TierValidationJson,
    promotions_validation_json,
    tier_validation_json,
)
from redemptions.serializers.validation import ValidationJson
from redemptions.services import qualifications


class ValidationsView(ApiView):
    resource = "validations"
    viewer_may = frozenset()

    @documented(summary="Validate redeemables", request=ValidationInput, response=ValidationJson)
    def create(self, _request: Request) -> Response:
        given = self.parse(ValidationInput)
        return Response(requests.validation(self, given, trusted=True))


class SingleValidationsView(ApiView):
    """One code or promotion at a time, as merchants' keys may."""

    resource = "validations"
    merchant_may = frozenset({"voucher", "promotions", "tier"})

    @documented(
        summary="Validate one code",
        request=SingleInput,
        response=SingleValidationJson,
        deprecated=True,
    )
    def voucher(self, _request: Request, code: str) -> Response:
        given = self.parse(SingleInput)
        requests.speak(given)
        request = request_of(given, wanted=requests.one_code(code))
        done = requests.held(self, request)
        body = single_json(done.request, done.loaded, done.evaluation, tracking_id=done.tracking_id)
        return Response(body)

    @documented(
        summary="Find promotion tiers that apply",
        request=SingleInput,
        response=PromotionsValidationJson,
        parameters=[requests.AUDIENCE],
        deprecated=True,
    )
    def promotions(self, _request: Request) -> Response:
        given = self.parse(SingleInput)
        requests.speak(given)
        wish = requests.promotions_wanted(self.query, at=self.at)
        request = request_of(given, wanted=())
        found = qualifications.find(project=self.project, request=request, wish=wish, at=self.at)
        return Response(promotions_validation_json(found))

    @documented(
        summary="Validate one promotion tier",
        request=SingleInput,
        response=TierValidationJson,
        errors=(404,),
        deprecated=True,
    )
    def tier(self, _request: Request, tier_id: str) -> Response:
        given = self.parse(SingleInput)
        requests.speak(given)
        request = request_of(given, wanted=requests.one_tier(tier_id))
        done = requests.held(self, request)
        result, order = done.evaluation.results[0], done.evaluation.order
        body = tier_validation_json(
            result,
            order,
            done.loaded,
            tracking_id=done.tracking_id,
            why=explanation.of_request(done.request, done.loaded),
            session=done.request.session,
        )
        return Response(body)
