"""`/v1/exports`, and the exports that orders and gift cards have of their own."""

from typing import Any

from django.http import FileResponse
from drf_spectacular.utils import OpenApiParameter
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns import queries as campaign_queries
from campaigns.models import CampaignType
from loyalty_project.core.api import inputs
from loyalty_project.core.api.documentation import documented
from loyalty_project.core.api.listing import Listing
from loyalty_project.core.api.views import ApiView
from loyalty_project.core.errors import Denied
from reporting.models import Export
from reporting.serializers.export import ExportJson, export_json
from reporting.services import exports


class OwnExportInput(inputs.Input):
    """Of an object that the address names."""

    parameters = inputs.Object(
        required=False,
        help_text="`fields`, an array of columns; `order`, one of them; `filters` as lists have.",
    )


class ExportInput(OwnExportInput):
    """`exported_object` is voucher, redemption, customer, publication, order or
    voucher_transactions.
    """

    exported_object = inputs.Text(max_length=40)


class NoTransactions(Denied):
    key = "forbidden"
    message = "Forbidden"


def _json(export: Export) -> ExportJson:
    return export_json(export, token=exports.token(export=export))


EXPORTS = Listing(
    ref="exports",
    item=ExportJson,
    to_json=_json,
    order=("created_at", "status"),
    columns={"status": "action__status"},
)


class ExportsView(ApiView):
    resource = "exports"
    viewer_may = frozenset({"create"})

    def get_authenticators(self) -> Any:
        return [] if self._token else super().get_authenticators()

    def get_permissions(self) -> Any:
        return [AllowAny()] if self._token else super().get_permissions()

    @property
    def _token(self) -> str | None:
        """That of the address of a file, which is the permission to read it."""
        if getattr(self, "swagger_fake_view", False):
            return None
        reads = self.request.method == "GET" and "export_id" in self.kwargs
        return self.request.GET.get("token") if reads else None

    @documented(summary="List exports", listing=EXPORTS)
    def list(self, _request: Request) -> Response:
        return self.listed(EXPORTS, Export.objects.select_related("action"))

    @documented(summary="Start an export", request=ExportInput, response=ExportJson)
    def create(self, _request: Request) -> Response:
        given = self.parse(ExportInput)
        export = exports.start(
            project=self.project,
            exported_object=given["exported_object"],
            parameters=given.get("parameters") or {},
            at=self.at,
        )
        return Response(_json(export))

    @documented(
        summary="Get an export, or with a token its file",
        response=ExportJson,
        errors=(404,),
        parameters=[OpenApiParameter("token", str, description="Answers the CSV file itself.")],
    )
    def retrieve(self, _request: Request, export_id: str) -> Any:
        given = self._token
        if given is None:
            return Response(_json(exports.find(project=self.project, public_id=export_id)))
        file = exports.opened(public_id=export_id, given=given)
        return FileResponse(
            file, as_attachment=True, filename=f"{export_id}.csv", content_type="text/csv"
        )

    @documented(summary="Delete an export and its file", status=204, errors=(404,))
    def destroy(self, _request: Request, export_id: str) -> Response:
        exports.delete(project=self.project, public_id=export_id)
        return Response(status=204)


class _OwnExports(ApiView):
    """Exports of one kind below an address of their own."""

    def start(self, exported_object: str, **only: str) -> Response:
        given = self.parse(OwnExportInput) if self.request.data else {}
        parameters = dict(given.get("parameters") or {})
        if only:
            (name, value), asked = *only.items(), parameters.get("filters") or {}
            parameters["filters"] = {**asked, name: {"conditions": {"$in": [value]}}}
        export = exports.start(
            project=self.project, exported_object=exported_object, parameters=parameters, at=self.at
        )
        return Response(_json(export))


class OrderExportsView(_OwnExports):
    resource = "orders"
    viewer_may = frozenset({"create"})

    @documented(summary="Export orders", request=OwnExportInput, response=ExportJson)
    def create(self, _request: Request) -> Response:
        return self.start("order")


class TransactionExportsView(_OwnExports):
    """What moved on gift cards."""

    resource = "vouchers"
    viewer_may = frozenset({"of_voucher", "of_campaign"})

    @documented(
        summary="Export the transactions of a card",
        request=OwnExportInput,
        response=ExportJson,
        errors=(404,),
    )
    def of_voucher(self, _request: Request, code: str) -> Response:
        voucher = campaign_queries.get_voucher(reference=code)
        if voucher.account is None:
            raise NoTransactions("Transactions are allowed only for loyalty cards or gift cards")
        return self.start("voucher_transactions", voucher_id=voucher.public_id)

    @documented(
        summary="Export the transactions of the cards of a campaign",
        request=OwnExportInput,
        response=ExportJson,
        errors=(404,),
    )
    def of_campaign(self, _request: Request, campaign_id: str) -> Response:
        campaign = campaign_queries.get_campaign(reference=campaign_id)
        if campaign.campaign_type != CampaignType.GIFT_VOUCHERS:
            raise NoTransactions("Transactions are allowed only for loyalty or gift campaigns")
        return self.start("voucher_transactions", campaign_id=campaign.public_id)


class CampaignExportsView(TransactionExportsView):
    resource = "campaigns"
