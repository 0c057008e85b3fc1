"""`/client/v1`: what browsers and apps may do with codes."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from loyalty_project.core.api import query
from loyalty_project.core.api.documentation import documented
from loyalty_project.core.api.views import ApiView
from loyalty_project.core.errors import Denied
from redemptions.api.inputs.redeemable import (
    ClientQueryInput,
    ClientValidationInput,
    RedeemablesInput,
    SingleInput,
    ValidationInput,
    request_of,
)
from redemptions.api.inputs.session import UNITS
from redemptions.api.views import requests
from redemptions.serializers import client
from redemptions.serializers.explanation import explained
from redemptions.serializers.legacy import SingleValidationJson
from redemptions.serializers.legacy import single_json as single_validation_json
from redemptions.serializers.promotion import (
    PromotionsValidationJson,
    promotions_validation_json,
)
from redemptions.serializers.redemption import (
    RedemptionJson,
    RedemptionsJson,
    redeemed_json,
    single_json,
)
from redemptions.serializers.validation import ValidationJson
from redemptions.services import qualifications, redemptions

SESSION = ("type", "key", "ttl", "ttl_unit")
CODE = OpenApiParameter("code", str, description="The code.")
AMOUNT = OpenApiParameter("amount", int, description="Of the order, in minor units.")
TRACKING_ID = OpenApiParameter("tracking_id", str, description="Who asks.")
SESSION_PARAMETERS = [
    OpenApiParameter("session_type", str, enum=["LOCK"], description="Hold what would be used."),
    OpenApiParameter("session_key", str, description="Of the session; without one a new begins."),
    OpenApiParameter("session_ttl", float, description="How long, in the unit; else 7 days."),
    OpenApiParameter("session_ttl_unit", str, enum=list(UNITS), description="Of the time."),
]


class ClientSwitchedOff(Denied):
    """The project does not allow this to client keys."""

    key = "forbidden"
    message = "Forbidden"


class ClientValidationsView(ApiView):
    resource = "client_validations"
    any_role = frozenset({"create"})

    @documented(summary="Validate redeemables", request=ValidationInput, response=ValidationJson)
    def create(self, _request: Request) -> Response:
        given = self.parse(ValidationInput)
        return Response(requests.validation(self, given, trusted=False))


class ClientValidateView(ApiView):
    """It may hold something, and is a GET all the same."""

    resource = "client_validate"

    @documented(
        summary="Validate one code",
        response=SingleValidationJson,
        parameters=[
            CODE,
            AMOUNT,
            TRACKING_ID,
            *SESSION_PARAMETERS,
        ],
        deprecated=True,
    )
    def retrieve(self, _request: Request) -> Response:
        given = asked(self, ClientValidationInput)
        request = request_of(given, wanted=requests.one_code(given["code"]), trusted=False)
        done = requests.held(self, request)
        body = single_validation_json(
            done.request, done.loaded, done.evaluation, tracking_id=done.tracking_id
        )
        return Response(body)


class ClientPromotionsView(ApiView):
    resource = "client_promotions"

    @documented(
        summary="Find promotion tiers that apply",
        response=PromotionsValidationJson,
        parameters=[AMOUNT, TRACKING_ID, requests.AUDIENCE],
        deprecated=True,
    )
    def retrieve(self, _request: Request) -> Response:
        given = asked(self, ClientQueryInput)
        wish = requests.promotions_wanted(self.query, at=self.at)
        request = request_of(given, wanted=(), trusted=False)
        found = qualifications.find(project=self.project, request=request, wish=wish, at=self.at)
        return Response(promotions_validation_json(found))


def asked(view: ApiView, shape: type[ClientQueryInput]) -> dict[str, Any]:
    """The query as a payload: items may be called `item`, and the amount stands for the order.

    What is said of the session has names of its own.
    """
    tree: dict[str, Any] = dict(view.query)
    order = dict(tree["order"]) if isinstance(tree.get("order"), dict) else {}
    items = tree.get("items", tree.get("item"))
    if items is not None:
        order["items"] = items
    if order:
        tree["order"] = order
    session = {name: tree[f"session_{name}"] for name in SESSION if f"session_{name}" in tree}
    if session:
        tree["session"] = session
    given = view.checked(shape, tree)
    order = given.get("order") or {}
    if "amount" in given:
        order["amount"] = given["amount"]
    if order:
        given["order"] = order
    return given


class ClientRedemptionsView(ApiView):
    resource = "client_redemptions"
    any_role = frozenset({"create"})

    @documented(
        summary="Redeem redeemables",
        request=RedeemablesInput,
        response=RedemptionsJson,
        errors=(403, 409),
    )
    def create(self, _request: Request) -> Response:
        refuse_unless_allowed(self)
        given = self.parse(RedeemablesInput)
        requests.speak(given)
        request = request_of(given, trusted=False)
        done = redemptions.redeem(project=self.project, request=request, at=self.at)
        body = redeemed_json(
            done.request, done.loaded, done.evaluation, done.parent, done.redemptions
        )
        return Response(client.redemptions_json(explained(body, done.request, done.loaded)))


class ClientRedeemView(ApiView):
    resource = "client_redeem"
    any_role = frozenset({"create"})

    @documented(
        summary="Redeem one code",
        request=SingleInput,
        response=RedemptionJson,
        parameters=[CODE, TRACKING_ID],
        errors=(403, 404, 409),
        deprecated=True,
    )
    def create(self, _request: Request) -> Response:
        refuse_unless_allowed(self)
        given = self.parse(SingleInput)
        requests.speak(given)
        asked = self.checked(ClientValidationInput, {"code": query.text(self.query, "code")})
        tracking_id = query.text(self.query, "tracking_id")
        if tracking_id:
            given["tracking_id"] = tracking_id
        request = request_of(given, wanted=requests.one_code(asked["code"]), trusted=False)
        done = redemptions.redeem(project=self.project, request=request, at=self.at)
        body = single_json(done.request, done.loaded, done.evaluation, done.redemptions[0])
        return Response(client.redemption_json(body))


def refuse_unless_allowed(view: ApiView) -> None:
    """Redeeming from a browser is off until the project allows it."""
    if not view.project.client_options.get("client_redeem_enabled"):
        raise ClientSwitchedOff("Client-side redemptions are switched off in this project.")
