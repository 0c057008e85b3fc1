"""`/v1/customers/{id}/redeemables`."""

from django.db.models import Q
from rest_framework.request import Request
from rest_framework.response import Response

from customers import queries as customer_queries
from loyalty_project.core.api import filters, listing, query
from loyalty_project.core.api.documentation import documented
from loyalty_project.core.api.listing import Listing
from loyalty_project.core.api.views import ApiView
from redemptions import queries
from redemptions.serializers.redeemable import (
    CustomerRedeemableJson,
    customer_redeemable_json,
    holder_id,
    voucher_id,
)

REDEEMABLES = Listing(
    ref="data",
    item=CustomerRedeemableJson,
    to_json=customer_redeemable_json,
    order=("id",),
    cursor="id",
    filters={
        "id": filters.Text("public_id", convert=voucher_id),
        "created_at": filters.Date("held_since"),
        "redeemable_id": filters.Text("public_id"),
        "redeemable_object": filters.Custom(
            lambda condition: Q() if _names(condition, "voucher") else Q(pk__in=()),
            frozenset({"$is", "$is_not", "$in", "$not_in"}),
        ),
        "holder_role": filters.Custom(
            lambda condition: Q() if _names(condition, "OWNER") else Q(pk__in=()),
            frozenset({"$is", "$is_not", "$in", "$not_in"}),
        ),
        "campaign_id": filters.Text("campaign__public_id"),
        "campaign_type": filters.Text("campaign__campaign_type"),
        "voucher_type": filters.Text("type"),
    },
)


def _names(condition: filters.Condition, only: str) -> bool:
    """Whether a condition leaves rows all of which are `only`."""
    negative = condition.operator in {"$is_not", "$not_in"}
    return (only in {str(value) for value in condition.values}) != negative


class CustomerRedeemablesView(ApiView):
    resource = "customers"

    @documented(summary="List what a customer holds", listing=REDEEMABLES, errors=(404,))
    def list(self, _request: Request, customer_id: str) -> Response:
        customer = customer_queries.get(reference=customer_id)
        tree = dict(self.query)
        last = query.text(tree, "starting_after_id")
        if last:
            tree["starting_after_id"] = voucher_id(last)
        body = listing.answer(
            REDEEMABLES,
            queries.held_vouchers(customer=customer, at=self.at),
            tree,
            at=self.at,
        )
        if "more_starting_after" in body:
            body["more_starting_after"] = holder_id(body["more_starting_after"])
        return Response(body)
