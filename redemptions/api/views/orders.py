"""`/v1/orders`."""

from rest_framework.request import Request
from rest_framework.response import Response

from loyalty_project.core.api.documentation import documented
from loyalty_project.core.api.listing import Listing
from loyalty_project.core.api.views import ApiView
from loyalty_project.core.serializers.async_action import StartedJson, started_json
from redemptions import queries
from redemptions.api.inputs.order import ImportedOrderInput, OrderInput, ReturnInput
from redemptions.queries import returns as past_returns
from redemptions.serializers.order import OrderJson, order_json
from redemptions.serializers.order_return import (
    ReturnJson,
    ReturnPreviewJson,
    preview_json,
    return_json,
)
from redemptions.services import orders, returns

MAX_IMPORTED = 2000
ORDERS = Listing(ref="orders", item=OrderJson, to_json=order_json)


RETURNS = Listing(ref="returns", item=ReturnJson, to_json=return_json, order=("created_at",))


class OrdersView(ApiView):
    resource = "orders"

    @documented(summary="List orders", listing=ORDERS)
    def list(self, _request: Request) -> Response:
        return self.listed(ORDERS, queries.orders())

    @documented(
        summary="Create an order, or change the one with its id or source id",
        request=OrderInput,
        response=OrderJson,
    )
    def create(self, _request: Request) -> Response:
        data = self.parse(OrderInput)
        return Response(order_json(orders.upsert(project=self.project, data=data, at=self.at)))

    @documented(summary="Get an order by id or source id", response=OrderJson)
    def retrieve(self, _request: Request, order_id: str) -> Response:
        return Response(order_json(queries.get_order(reference=order_id)))

    @documented(summary="Update an order", request=OrderInput, response=OrderJson)
    def update(self, _request: Request, order_id: str) -> Response:
        order = orders.update(
            project=self.project,
            reference=order_id,
            data=self.parse(OrderInput, partial=True),
            at=self.at,
        )
        return Response(order_json(order))

    @documented(
        summary="Import orders of the past, without events",
        request=ImportedOrderInput(many=True),
        response=StartedJson,
        status=202,
    )
    def import_many(self, _request: Request) -> Response:
        rows = self.parse_many(ImportedOrderInput, limit=MAX_IMPORTED)
        action = orders.import_(project=self.project, rows=rows, at=self.at)
        return Response(started_json(action), status=202)


class ReturnsView(ApiView):
    """Returns of an order, whole or in part; an endpoint of ours."""

    resource = "orders"

    @documented(summary="List the returns of an order", listing=RETURNS, errors=(404,))
    def list(self, _request: Request, order_id: str) -> Response:
        order = queries.get_order(reference=order_id)
        return self.listed(RETURNS, past_returns.returns().filter(order=order))

    @documented(
        summary="Return goods of an order",
        request=ReturnInput,
        response=ReturnJson,
        errors=(404, 409),
    )
    def create(self, _request: Request, order_id: str) -> Response:
        made = returns.take(project=self.project, reference=order_id, wish=self._wish(), at=self.at)
        return Response(return_json(made))

    @documented(
        summary="See what a return would give back",
        request=ReturnInput,
        response=ReturnPreviewJson,
        errors=(404,),
    )
    def preview(self, _request: Request, order_id: str) -> Response:
        found = returns.preview(project=self.project, reference=order_id, wish=self._wish())
        body = preview_json(
            order_id=found.order.public_id,
            outcome=found.outcome,
            items=found.items,
            shares=zip(found.redemptions, found.outcome.shares, strict=True),
        )
        return Response(body)

    def _wish(self) -> returns.Wish:
        return returns.Wish(**self.parse(ReturnInput))
