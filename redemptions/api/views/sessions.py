"""What sessions hold: listed and released, by code, by promotion tier, and all of a session."""

from rest_framework.request import Request
from rest_framework.response import Response

from campaigns import queries as campaign_queries
from campaigns.queries import promotions as promotion_queries
from loyalty_project.core.api.documentation import documented
from loyalty_project.core.api.listing import Listing
from loyalty_project.core.api.views import ApiView
from redemptions.queries import holds
from redemptions.serializers.session import HoldJson, hold_json
from redemptions.services import releases

SESSIONS = Listing(
    ref="sessions", item=HoldJson, to_json=hold_json, order=("created_at", "expires_at")
)


class SessionsView(ApiView):
    """Everything that a session holds."""

    resource = "validations"

    @documented(summary="Release all that a session holds", status=204, errors=(404, 409))
    def destroy(self, _request: Request, session_key: str) -> Response:
        releases.release_session(project=self.project, session_key=session_key, at=self.at)
        return Response(status=204)


class VoucherSessionsView(ApiView):
    resource = "vouchers"

    @documented(summary="List the sessions that hold a code", listing=SESSIONS)
    def list(self, _request: Request, code: str) -> Response:
        voucher = campaign_queries.get_voucher(reference=code)
        return self.listed(SESSIONS, holds.live(at=self.at).filter(voucher=voucher))

    @documented(summary="Release a session that holds a code", status=204, errors=(404, 409))
    def destroy(self, _request: Request, code: str, session_key: str) -> Response:
        voucher = campaign_queries.get_voucher(reference=code)
        releases.release_voucher(
            project=self.project, voucher=voucher, session_key=session_key, at=self.at
        )
        return Response(status=204)


class TierSessionsView(ApiView):
    resource = "promotions"

    @documented(summary="List the sessions that hold a promotion tier", listing=SESSIONS)
    def list(self, _request: Request, tier_id: str) -> Response:
        tier = promotion_queries.get_tier(reference=tier_id)
        return self.listed(SESSIONS, holds.live(at=self.at).filter(promotion_tier=tier))

    @documented(
        summary="Release a session that holds a promotion tier", status=204, errors=(404, 409)
    )
    def destroy(self, _request: Request, tier_id: str, session_key: str) -> Response:
        tier = promotion_queries.get_tier(reference=tier_id)
        releases.release_tier(project=self.project, tier=tier, session_key=session_key, at=self.at)
        return Response(status=204)
