"""`/v1/campaigns/{id}/summary`: what a campaign has done."""

from datetime import date

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns import queries
from loyalty_project.core.api import inputs
from loyalty_project.core.api.documentation import documented
from loyalty_project.core.api.errors import InvalidQuery
from loyalty_project.core.api.views import ApiView
from reporting.reports import campaign_summary
from reporting.serializers.campaign_summary import CampaignSummaryJson, campaign_summary_json


class PeriodInput(inputs.Input):
    """Days of the project's clock, both included."""

    start_date = inputs.Day(required=False)
    end_date = inputs.Day(required=False)


class CampaignSummariesView(ApiView):
    resource = "campaigns"

    @documented(
        summary="Summarize what a campaign has done",
        response=CampaignSummaryJson,
        parameters=[
            OpenApiParameter("start_date", date, description="From this day on."),
            OpenApiParameter("end_date", date, description="Until this day, included."),
        ],
    )
    def retrieve(self, _request: Request, campaign_id: str) -> Response:
        campaign = queries.get_campaign(reference=campaign_id)
        given = self.checked(PeriodInput, self.query)
        period = campaign_summary.Period(given.get("start_date"), given.get("end_date"))
        if period.first and period.last and period.last < period.first:
            raise InvalidQuery("Query param 'end_date' must not be before 'start_date'")
        counts = campaign_summary.summary(project=self.project, campaign=campaign, period=period)
        return Response(campaign_summary_json(campaign, counts))
