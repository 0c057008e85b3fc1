"""`/v1/campaigns`."""

from typing import Any

from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns import queries
from campaigns.api import filters
from campaigns.api.inputs.campaign import CampaignInput, CampaignUpdateInput
from campaigns.api.inputs.voucher import VoucherImportInput, VoucherInput
from campaigns.api.views.voucher_bulk import MAX_ROWS
from campaigns.api.views.vouchers import TRANSACTIONS, is_forced
from campaigns.models import Campaign, Voucher
from campaigns.queries import cards, limit_use
from campaigns.queries import promotions as promotion_queries
from campaigns.queries import rules as rule_queries
from campaigns.serializers.campaign import CampaignJson, campaign_json
from campaigns.serializers.voucher import VoucherJson, limited_voucher_json
from campaigns.services import campaigns, deletion, imports, vouchers
from campaigns.services.generation import MAX_COUNT
from loyalty_project.core.api import query
from loyalty_project.core.api.documentation import documented
from loyalty_project.core.api.listing import Listing
from loyalty_project.core.api.many import documented_work
from loyalty_project.core.api.uploads import CsvInput, uploaded
from loyalty_project.core.api.views import ApiView

CAMPAIGNS = Listing(
    ref="campaigns",
    item=CampaignJson,
    to_json=campaign_json,
    prepare=limit_use.note,
    params=filters.CampaignParams,
    filters=filters.CAMPAIGNS,
)


class CampaignsView(ApiView):
    resource = "campaigns"

    @documented(summary="List campaigns", listing=CAMPAIGNS)
    def list(self, _request: Request) -> Response:
        rows = rule_queries.with_assignments(queries.campaigns())
        return self.listed(CAMPAIGNS, promotion_queries.with_tiers(rows))

    @documented(
        summary="Create a campaign",
        request=CampaignInput,
        response=CampaignJson,
        errors=[409],
    )
    def create(self, _request: Request) -> Response:
        campaign = campaigns.create(
            project=self.project, data=self.parse(CampaignInput), at=self.at
        )
        return Response(campaign_json(limit_use.noted_on(campaign)))

    @documented(summary="Get a campaign by id or name", response=CampaignJson)
    def retrieve(self, _request: Request, campaign_id: str) -> Response:
        campaign = self._campaign(campaign_id)
        return Response(campaign_json(limit_use.noted_on(campaign)))

    @documented(summary="Update a campaign", request=CampaignUpdateInput, response=CampaignJson)
    def update(self, _request: Request, campaign_id: str) -> Response:
        campaign = campaigns.update(
            project=self.project,
            campaign=self._campaign(campaign_id),
            data=self.parse(CampaignUpdateInput, partial=True),
            at=self.at,
        )
        return Response(campaign_json(limit_use.noted_on(campaign)))

    @documented_work(summary="Delete a campaign and its codes")
    def destroy(self, _request: Request, campaign_id: str) -> Response:
        action = deletion.delete_campaign(
            project=self.project,
            campaign=self._campaign(campaign_id),
            force=is_forced(self.query),
            at=self.at,
        )
        return self.started(action)

    @documented(summary="Enable a campaign", response=dict)
    def enable(self, _request: Request, campaign_id: str) -> Response:
        campaigns.enable(project=self.project, campaign=self._campaign(campaign_id), at=self.at)
        return Response({})

    @documented(summary="Disable a campaign: every code stops at once", response=dict)
    def disable(self, _request: Request, campaign_id: str) -> Response:
        campaigns.disable(project=self.project, campaign=self._campaign(campaign_id), at=self.at)
        return Response({})

    @documented(summary="List the transactions of cards", listing=TRANSACTIONS)
    def transactions(self, _request: Request, campaign_id: str) -> Response:
        campaign = self._campaign(campaign_id)
        return self.listed(TRANSACTIONS, cards.transactions_of_campaign(campaign))

    def _campaign(self, campaign_id: str) -> Campaign:
        return queries.get_campaign(reference=campaign_id)


class CampaignVouchersView(ApiView):
    """Codes of a campaign."""

    resource = "campaigns"

    @documented(
        summary="Add codes; one is answered, more are made by a background task",
        request=VoucherInput,
        response=VoucherJson,
    )
    def create(self, request: Request, campaign_id: str) -> Response:
        made = campaigns.add_vouchers(
            project=self.project,
            campaign=queries.get_campaign(reference=campaign_id),
            count=query.whole(self.query, "vouchers_count", default=1, low=1, high=MAX_COUNT),
            data=self.parse(VoucherInput) if isinstance(request.data, dict) else {},
            at=self.at,
        )
        if isinstance(made, Voucher):
            return Response(limited_voucher_json(made))
        return self.started(made)

    @documented(
        summary="Add a code of this name",
        request=VoucherInput,
        response=VoucherJson,
        errors=[409],
    )
    def create_named(self, _request: Request, campaign_id: str, code: str) -> Response:
        voucher = vouchers.issue(
            project=self.project,
            campaign=queries.get_campaign(reference=campaign_id),
            data=self.parse(VoucherInput),
            code=code,
            at=self.at,
        )
        return Response(limited_voucher_json(voucher))

    @documented_work(
        summary="Import codes into a campaign",
        request=VoucherImportInput(many=True),
    )
    def load(self, _request: Request, campaign_id: str) -> Response:
        rows: list[dict[str, Any]] = self.parse_many(VoucherImportInput, limit=MAX_ROWS)
        action = imports.start(
            project=self.project,
            campaign=queries.get_campaign(reference=campaign_id),
            rows=rows,
            announce=query.text(self.query, "webhooks_enable") == "true",
            at=self.at,
        )
        return self.started(action)


class CampaignCsvView(ApiView):
    resource = "campaigns"
    parser_classes = [MultiPartParser]

    @documented_work(
        summary="Import codes into a campaign from a CSV file",
        request=CsvInput,
        media_type="multipart/form-data",
        status=200,
    )
    def load(self, request: Request, campaign_id: str) -> Response:
        campaign = queries.get_campaign(reference=campaign_id)
        action = imports.start_csv(
            project=self.project, campaign=campaign, upload=uploaded(request), at=self.at
        )
        return self.started(action, status=200)
