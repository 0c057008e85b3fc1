"""`/v1/safety` and the limits of single codes; our own, which the published API does not have."""

from rest_framework.request import Request
from rest_framework.response import Response

from campaigns import queries
from campaigns.api.inputs.limit import LimitsInput, SafetyInput
from campaigns.models import Voucher
from campaigns.queries import limit_use
from campaigns.serializers.limit import (
    LimitsJson,
    SafetyJson,
    limits_json,
    margin_floor_json,
)
from campaigns.services import limits, safety
from loyalty_project.core.api.documentation import documented
from loyalty_project.core.api.views import ApiView


class SafetyView(ApiView):
    """What protects the whole project."""

    resource = "campaigns"

    @documented(summary="Get the limits and the margin floor of the project", response=SafetyJson)
    def retrieve(self, _request: Request) -> Response:
        return Response(_safety_json())

    @documented(
        summary="Set the limits and the margin floor of the project",
        request=SafetyInput,
        response=SafetyJson,
    )
    def update(self, _request: Request) -> Response:
        safety.put(project=self.project, data=self.parse(SafetyInput, partial=True), at=self.at)
        return Response(_safety_json())


class VoucherLimitsView(ApiView):
    """Limits that one code has beside those of its campaign."""

    resource = "vouchers"

    @documented(summary="Get the limits of a code", response=LimitsJson)
    def retrieve(self, _request: Request, code: str) -> Response:
        return Response(_limits_json(queries.get_voucher(reference=code)))

    @documented(summary="Set the limits of a code", request=LimitsInput, response=LimitsJson)
    def update(self, _request: Request, code: str) -> Response:
        voucher = queries.get_voucher(reference=code)
        documents = self.parse(LimitsInput)["limits"]
        limits.put(project=self.project, owner=voucher, documents=documents, at=self.at)
        return Response(_limits_json(voucher))


def _limits_json(owner: Voucher) -> LimitsJson:
    return {"limits": limits_json(limit_use.noted(limits.of(owner=owner))), "object": "limits"}


def _safety_json() -> SafetyJson:
    found = safety.of_project()
    return {
        "limits": limits_json(limit_use.noted(found.limits)),
        "margin_floor": margin_floor_json(found.margin),
        "object": "safety",
    }
