"""`/v1/customers/{id}/activity`: what a customer did, and what followed."""

import django_filters
from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from customers import queries as customers
from loyalty_project.core.api.documentation import documented
from loyalty_project.core.api.listing import Listing, ProjectFilterSet
from loyalty_project.core.api.views import ApiView
from loyalty_project.core.models import OutboxEvent
from reporting import queries
from reporting.serializers.activity import CustomerActivityJson, activity_json

CAMPAIGN_TYPES = [
    "DISCOUNT_COUPONS",
    "REFERRAL_PROGRAM",
    "GIFT_VOUCHERS",
    "PROMOTION",
    "LOYALTY_PROGRAM",
    "LUCKY_DRAW",
]


class ActivityParams(ProjectFilterSet):
    start_date = django_filters.IsoDateTimeFilter(
        field_name="occurred_at", lookup_expr="gte", help_text="At or after this instant."
    )
    end_date = django_filters.IsoDateTimeFilter(
        field_name="occurred_at", lookup_expr="lte", help_text="Until this instant."
    )
    starting_after = django_filters.IsoDateTimeFilter(
        field_name="occurred_at", lookup_expr="lt", help_text="Before this instant; deprecated."
    )
    campaign_id = django_filters.CharFilter(
        field_name="data__campaign__id", help_text="Of one campaign."
    )
    campaign_type = django_filters.MultipleChoiceFilter(
        field_name="data__campaign__campaign_type",
        choices=[(name, name) for name in CAMPAIGN_TYPES],
        help_text="Of campaigns of this type.",
    )
    category = django_filters.ChoiceFilter(
        method="in_category",
        choices=[(name, name) for name in queries.CATEGORIES],
        help_text="ACTION is what the customer or the shop did, EFFECT what followed.",
    )
    type = django_filters.CharFilter(method="of_type", help_text="The name of the event.")

    def in_category(
        self, rows: QuerySet[OutboxEvent], _name: str, value: str
    ) -> QuerySet[OutboxEvent]:
        return rows.filter(queries.of_types(queries.CATEGORIES[value]))

    def of_type(self, rows: QuerySet[OutboxEvent], _name: str, value: str) -> QuerySet[OutboxEvent]:
        return rows.filter(queries.of_types(frozenset({value})))


ACTIVITY = Listing(
    ref="data",
    item=CustomerActivityJson,
    to_json=activity_json,
    order=("created_at",),
    params=ActivityParams,
    cursor="id",
)


class ActivityView(ApiView):
    resource = "customers"

    @documented(summary="List what a customer did", listing=ACTIVITY)
    def list(self, _request: Request, customer_id: str) -> Response:
        customer = customers.get(reference=customer_id)
        return self.listed(ACTIVITY, queries.activity(customer))

    @documented(
        summary="List what a customer did, under the old name", listing=ACTIVITY, deprecated=True
    )
    def list_deprecated(self, request: Request, customer_id: str) -> Response:
        return self.list(request, customer_id)
