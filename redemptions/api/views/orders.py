"""`/v1/orders`."""

from rest_framework.request import Request
from rest_framework.response import Response

from loyalty_project.core.api.documentation import documented
from loyalty_project.core.api.listing import Listing
from loyalty_project.core.api.views import ApiView
from loyalty_project.core.errors import LoyaltyError
from loyalty_project.core.serializers.async_action import StartedJson, started_json
from redemptions import queries
from redemptions.api.inputs.order import ImportedOrderInput, OrderInput
from redemptions.serializers.order import OrderJson, order_json
from redemptions.services import orders

MAX_IMPORTED = 2000
ORDERS = Listing(ref="orders", item=OrderJson, to_json=order_json)


class ExportsMissing(LoyaltyError):
    """Exports are not there, and a job that never ends would say otherwise."""

    key = "missing_required_feature"
    message = "Missing required feature"


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

    @documented(summary="Export orders")
    def export(self, _request: Request) -> Response:
        raise ExportsMissing("Exports of orders are not available; list them page by page.")
