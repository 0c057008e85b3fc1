"""Endpoints of reporting."""

from django.urls import URLPattern, path

from reporting.api.views.activity import ActivityView
from reporting.api.views.campaign_summaries import CampaignSummariesView

v1: list[URLPattern] = [
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
