"""`/v1/redemptions`, rollbacks, and the older endpoints for single codes and promotions."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from campaigns import queries as campaign_queries
from campaigns.queries import promotions as promotion_queries
from loyalty_project.core.api import query
from loyalty_project.core.api.documentation import documented
from loyalty_project.core.api.views import ApiView
from redemptions import queries
from redemptions.api import entries
from redemptions.api.inputs.redeemable import (
    RedeemablesInput,
    RollbackInput,
    SingleInput,
    request_of,
)
from redemptions.api.views import requests
from redemptions.serializers.explanation import explained
from redemptions.serializers.promotion import tier_redemption_json
from redemptions.serializers.redemption import (
    EntriesJson,
    RedemptionJson,
    RedemptionsJson,
    RollbackJson,
    RollbacksJson,
    entry_json,
    redeemed_json,
    rolled_back_json,
    single_json,
)
from redemptions.services import redemptions, rollbacks


class RedemptionsView(ApiView):
    resource = "redemptions"

    @documented(summary="List redemptions and rollbacks", listing=entries.REDEMPTIONS)
    def list(self, _request: Request) -> Response:
        return Response(entries.answer(self.query, at=self.at))

    @documented(
        summary="Redeem redeemables",
        request=RedeemablesInput,
        response=RedemptionsJson,
        errors=(409,),
    )
    def create(self, _request: Request) -> Response:
        given = self.parse(RedeemablesInput)
        requests.speak(given)
        done = redemptions.redeem(project=self.project, request=request_of(given), at=self.at)
        body = redeemed_json(
            done.request, done.loaded, done.evaluation, done.parent, done.redemptions
        )
        return Response(explained(body, done.request, done.loaded))

    @documented(summary="Get a redemption or a rollback", response=RedemptionJson | RollbackJson)
    def retrieve(self, _request: Request, redemption_id: str) -> Response:
        return Response(entry_json(queries.get_entry(reference=redemption_id)))

    @documented(
        summary="Take a redemption back",
        request=RollbackInput,
        response=RollbackJson,
        parameters=entries.ROLLBACK_PARAMETERS,
        errors=(404, 409),
    )
    def rollback(self, _request: Request, redemption_id: str) -> Response:
        done = rollbacks.roll_back(
            project=self.project, reference=redemption_id, wish=self._wish(), at=self.at
        )
        return Response(rolled_back_json(done.rollbacks, done.vouchers)[0])

    @documented(
        summary="Take a redemption of several redeemables back",
        request=RollbackInput,
        response=RollbacksJson,
        parameters=entries.ROLLBACK_PARAMETERS,
        errors=(404, 409),
    )
    def rollback_stack(self, _request: Request, redemption_id: str) -> Response:
        done = rollbacks.roll_back_stack(
            project=self.project, reference=redemption_id, wish=self._wish(), at=self.at
        )
        body: dict[str, Any] = {"rollbacks": rolled_back_json(done.rollbacks, done.vouchers)}
        if done.parent is not None:
            body["parent_rollback"] = rolled_back_json([done.parent], done.vouchers)[0]
        return Response({**body, "order": done.order_json})

    def _wish(self) -> rollbacks.Wish:
        """From the body; what stands in the query goes before it."""
        asked = {name: query.text(self.query, name) for name in ("reason", "tracking_id")}
        given = self.parse(RollbackInput)
        given |= {name: value for name, value in asked.items() if value is not None}
        return rollbacks.Wish(**given)


class SingleRedemptionsView(ApiView):
    """One code or promotion at a time, as merchants' keys may."""

    resource = "redemptions"
    merchant_may = frozenset({"redeem", "tier"})

    @documented(summary="List the redemptions of a code", response=EntriesJson)
    def list(self, _request: Request, code: str) -> Response:
        return Response(entries.of_voucher(code, self.query, at=self.at))

    @documented(
        summary="Redeem one code",
        request=SingleInput,
        response=RedemptionJson,
        errors=(404, 409),
        deprecated=True,
    )
    def redeem(self, _request: Request, code: str) -> Response:
        given = self.parse(SingleInput)
        requests.speak(given)
        tracking_id = query.text(self.query, "tracking_id")
        if tracking_id:
            given["tracking_id"] = tracking_id
        request = request_of(given, wanted=requests.one_code(code))
        done = redemptions.redeem(project=self.project, request=request, at=self.at)
        return Response(
            single_json(done.request, done.loaded, done.evaluation, done.redemptions[0])
        )

    @documented(
        summary="Redeem a promotion tier",
        request=SingleInput,
        response=RedemptionJson,
        errors=(404, 409),
        deprecated=True,
    )
    def tier(self, _request: Request, tier_id: str) -> Response:
        given = self.parse(SingleInput)
        requests.speak(given)
        request = request_of(given, wanted=requests.one_tier(tier_id))
        done = redemptions.redeem(project=self.project, request=request, at=self.at)
        rows = queries.with_summary(campaign_queries.promotion_tiers())
        tier = promotion_queries.get_tier(reference=tier_id, rows=rows)
        return Response(tier_redemption_json(done.request, done.loaded, done.redemptions[0], tier))
