"""`/v1/promotions/stacks` and the stacks of a campaign."""

from rest_framework.request import Request
from rest_framework.response import Response

from campaigns import queries
from campaigns.api.inputs.promotion import StackInput, StackUpdateInput
from campaigns.models import PromotionStack
from campaigns.queries import promotions as promotion_queries
from campaigns.serializers.promotion import StackJson, stack_json
from campaigns.services import promotion_stacks
from loyalty_project.core.api import filters
from loyalty_project.core.api.documentation import documented
from loyalty_project.core.api.listing import Listing
from loyalty_project.core.api.views import ApiView

STACKS = Listing(
    ref="data",
    item=StackJson,
    to_json=stack_json,
    order=("created_at", "updated_at", "name"),
    dates=("created_at", "updated_at"),
    filters={
        "created_at": filters.Date("created_at"),
        "updated_at": filters.Date("updated_at"),
    },
)


class PromotionStacksView(ApiView):
    resource = "promotions"

    @documented(summary="List promotion stacks", listing=STACKS)
    def list(self, _request: Request) -> Response:
        return self.listed(STACKS, promotion_queries.stacks())

    @documented(summary="List the promotion stacks of a campaign", listing=STACKS)
    def list_of_campaign(self, _request: Request, campaign_id: str) -> Response:
        campaign = queries.get_campaign(reference=campaign_id)
        return self.listed(STACKS, promotion_queries.stacks().filter(campaign=campaign))

    @documented(
        summary="Create a promotion stack", request=StackInput, response=StackJson, errors=[404]
    )
    def create(self, _request: Request, campaign_id: str) -> Response:
        stack = promotion_stacks.create(
            project=self.project,
            campaign=queries.get_campaign(reference=campaign_id),
            data=self.parse(StackInput),
            at=self.at,
        )
        return Response(stack_json(stack))

    @documented(summary="Get a promotion stack", response=StackJson, errors=[404])
    def retrieve(self, _request: Request, campaign_id: str, stack_id: str) -> Response:
        return Response(stack_json(self._stack(campaign_id, stack_id)))

    @documented(
        summary="Update a promotion stack",
        request=StackUpdateInput,
        response=StackJson,
        errors=[404],
    )
    def update(self, _request: Request, campaign_id: str, stack_id: str) -> Response:
        stack = promotion_stacks.update(
            project=self.project,
            stack=self._stack(campaign_id, stack_id),
            data=self.parse(StackUpdateInput, partial=True),
            at=self.at,
        )
        return Response(stack_json(stack))

    @documented(summary="Delete a promotion stack; its tiers stay", status=204, errors=[404])
    def destroy(self, _request: Request, campaign_id: str, stack_id: str) -> Response:
        stack = self._stack(campaign_id, stack_id)
        promotion_stacks.delete(project=self.project, stack=stack, at=self.at)
        return Response(status=204)

    def _stack(self, campaign_id: str, stack_id: str) -> PromotionStack:
        campaign = queries.get_campaign(reference=campaign_id)
        return promotion_queries.get_stack(campaign=campaign, reference=stack_id)
