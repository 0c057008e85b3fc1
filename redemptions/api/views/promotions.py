"""`/v1/promotions`: tiers with what their redemptions come to."""

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns import queries as campaign_queries
from campaigns.api.inputs.promotion import TierInput, TierUpdateInput
from campaigns.models import PromotionTier
from campaigns.queries import limit_use
from campaigns.queries import promotions as promotion_queries
from campaigns.queries import rules as rule_queries
from campaigns.serializers.promotion import TierJson, TiersJson, tier_json, tiers_json
from campaigns.services import availability, promotions
from loyalty_project.core.api import query
from loyalty_project.core.api.documentation import documented
from loyalty_project.core.api.errors import InvalidQuery
from loyalty_project.core.api.listing import Listing
from loyalty_project.core.api.views import ApiView
from redemptions import queries
from redemptions.serializers.promotion import limited_tier_json

TIERS = Listing(ref="tiers", item=TierJson, to_json=limited_tier_json, prepare=limit_use.note)
CLIENT_TIERS = Listing(ref="tiers", item=TierJson, to_json=tier_json)
IS_AVAILABLE = OpenApiParameter(
    "is_available", bool, description="true: only tiers that are on and valid now."
)


class PromotionTiersView(ApiView):
    resource = "promotions"

    @documented(summary="List promotion tiers", listing=TIERS, parameters=[IS_AVAILABLE])
    def list(self, _request: Request) -> Response:
        return self.listed(TIERS, queries.with_summary(_asked_for(self)))

    @documented(summary="List the promotion tiers of a campaign", response=TiersJson)
    def list_of_campaign(self, _request: Request, campaign_id: str) -> Response:
        campaign = campaign_queries.get_campaign(reference=campaign_id)
        rows = _listed().filter(campaign=campaign).order_by("hierarchy", "pk")
        tiers = list(queries.with_summary(rows))
        limit_use.note(tiers)
        return Response(tiers_json([limited_tier_json(tier) for tier in tiers]))

    @documented(summary="Add a promotion tier to a campaign", request=TierInput, response=TierJson)
    def create(self, _request: Request, campaign_id: str) -> Response:
        tier = promotions.create(
            project=self.project,
            campaign=campaign_queries.get_campaign(reference=campaign_id),
            data=self.parse(TierInput),
            at=self.at,
        )
        return Response(limited_tier_json(tier))

    @documented(summary="Get a promotion tier", response=TierJson, errors=[404])
    def retrieve(self, _request: Request, tier_id: str) -> Response:
        return Response(limited_tier_json(_tier(tier_id)))

    @documented(
        summary="Update a promotion tier",
        request=TierUpdateInput,
        response=TierJson,
        errors=[404],
    )
    def update(self, _request: Request, tier_id: str) -> Response:
        promotions.update(
            project=self.project,
            tier=_tier(tier_id),
            data=self.parse(TierUpdateInput, partial=True),
            at=self.at,
        )
        return Response(limited_tier_json(_tier(tier_id)))

    @documented(summary="Delete a promotion tier", status=204, errors=[404])
    def destroy(self, _request: Request, tier_id: str) -> Response:
        promotions.delete(project=self.project, tier=_tier(tier_id), at=self.at)
        return Response(status=204)

    @documented(summary="Enable a promotion tier", response=TierJson, errors=[404])
    def enable(self, _request: Request, tier_id: str) -> Response:
        return self._switched(tier_id, active=True)

    @documented(
        summary="Disable a promotion tier: it stops at once", response=TierJson, errors=[404]
    )
    def disable(self, _request: Request, tier_id: str) -> Response:
        return self._switched(tier_id, active=False)

    def _switched(self, tier_id: str, *, active: bool) -> Response:
        promotions.set_active(project=self.project, tier=_tier(tier_id), active=active, at=self.at)
        return Response(limited_tier_json(_tier(tier_id)))


class ClientPromotionTiersView(ApiView):
    """What browsers see, which is not what the tiers have brought in."""

    resource = "client_promotions"

    @documented(summary="List promotion tiers", listing=CLIENT_TIERS, parameters=[IS_AVAILABLE])
    def list(self, _request: Request) -> Response:
        return self.listed(CLIENT_TIERS, _asked_for(self))


def _tier(tier_id: str) -> PromotionTier:
    rows = queries.with_summary(campaign_queries.promotion_tiers())
    return promotion_queries.get_tier(reference=tier_id, rows=rows)


def _listed() -> QuerySet[PromotionTier]:
    return rule_queries.with_assignments(campaign_queries.promotion_tiers())


def _asked_for(view: ApiView) -> QuerySet[PromotionTier]:
    rows = _listed()
    asked = query.text(view.query, "is_available") or "false"
    if asked not in {"true", "false"}:
        raise InvalidQuery("Query param 'is_available' must be true or false")
    if asked == "false":
        return rows
    return availability.available(project=view.project, rows=rows, at=view.at)
