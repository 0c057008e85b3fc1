"""`/v1/validations` and the older endpoints for single codes and promotions."""

from rest_framework.request import Request
from rest_framework.response import Response

from loyalty_project.core.api.documentation import documented
from loyalty_project.core.api.views import ApiView
from redemptions.api.inputs.redeemable import RedeemablesInput, SingleInput, request_of
from redemptions.api.views import requests
from redemptions.serializers.explanation import explained
from redemptions.serializers.legacy import (
    PromotionsValidationJson,
    SingleValidationJson,
    no_promotions_json,
    single_json,
)
from redemptions.serializers.validation import ValidationJson, validation_json
from redemptions.services import validations


class ValidationsView(ApiView):
    resource = "validations"
    viewer_may = frozenset()

    @documented(summary="Validate redeemables", request=RedeemablesInput, response=ValidationJson)
    def create(self, _request: Request) -> Response:
        given = self.parse(RedeemablesInput)
        requests.speak(given)
        done = validations.validate(project=self.project, request=request_of(given), at=self.at)
        body = validation_json(
            done.request, done.loaded, done.evaluation, tracking_id=done.tracking_id
        )
        return Response(explained(body, done.request, done.loaded))


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
        done = validations.validate(project=self.project, request=request, at=self.at)
        body = single_json(done.request, done.loaded, done.evaluation, tracking_id=done.tracking_id)
        return Response(body)

    @documented(
        summary="Find promotion tiers that apply",
        request=SingleInput,
        response=PromotionsValidationJson,
        deprecated=True,
    )
    def promotions(self, _request: Request) -> Response:
        given = self.parse(SingleInput)
        return Response(no_promotions_json(given.get("tracking_id")))

    @documented(
        summary="Validate one promotion tier",
        request=SingleInput,
        response=SingleValidationJson,
        errors=(404,),
        deprecated=True,
    )
    def tier(self, _request: Request, tier_id: str) -> Response:
        self.parse(SingleInput)
        raise requests.no_tier(tier_id)
