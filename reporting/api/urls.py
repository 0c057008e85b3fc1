"""Endpoints of reporting."""

from django.urls import URLPattern, path

from reporting.api.views.activity import ActivityView
from reporting.api.views.campaign_summaries import CampaignSummariesView
from reporting.api.views.exports import (
    CampaignExportsView,
    ExportsView,
    OrderExportsView,
    TransactionExportsView,
)

v1: list[URLPattern] = [
    path("exports", ExportsView.as_view({"get": "list", "post": "create"})),
    path(
        "exports/<raw:export_id>",
        ExportsView.as_view({"get": "retrieve", "delete": "destroy"}),
    ),
    path("orders/export", OrderExportsView.as_view({"post": "create"})),
    path(
        "vouchers/<raw:code>/transactions/export",
        TransactionExportsView.as_view({"post": "of_voucher"}),
    ),
    path(
        "campaigns/<raw:campaign_id>/transactions/export",
        CampaignExportsView.as_view({"post": "of_campaign"}),
    ),
    path(
        "campaigns/<raw:campaign_id>/summary",
        CampaignSummariesView.as_view({"get": "retrieve"}),
    ),
    path("customers/<raw:customer_id>/activity", ActivityView.as_view({"get": "list"})),
    path(
        "customers/<raw:customer_id>/activities",
        ActivityView.as_view({"get": "list_deprecated"}),
    ),
]
client_v1: list[URLPattern] = []
