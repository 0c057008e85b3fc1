"""`/v1/budgets`; a resource of our own, which the published API does not have."""

from typing import Literal, TypedDict

from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api.inputs.limit import BudgetInput
from campaigns.models import Budget
from campaigns.queries import limit_use
from campaigns.serializers.limit import BudgetJson, budget_json
from campaigns.services import budgets
from loyalty_project.core.api.documentation import documented
from loyalty_project.core.api.listing import complete
from loyalty_project.core.api.views import ApiView


class BudgetsJson(TypedDict):
    """All budgets; there are no pages."""

    object: Literal["list"]
    data_ref: Literal["data"]
    data: list[BudgetJson]
    total: int


class BudgetsView(ApiView):
    resource = "campaigns"

    @documented(summary="List budgets", response=BudgetsJson)
    def list(self, _request: Request) -> Response:
        rows = list(Budget.objects.order_by("-created_at", "-pk"))
        limit_use.note(rows)
        found = [budget_json(row) for row in rows]
        return Response(complete(found))

    @documented(summary="Create a budget", request=BudgetInput, response=BudgetJson, errors=[409])
    def create(self, _request: Request) -> Response:
        budget = budgets.create(project=self.project, data=self.parse(BudgetInput), at=self.at)
        return Response(budget_json(limit_use.noted_on(budget)))

    @documented(summary="Get a budget", response=BudgetJson)
    def retrieve(self, _request: Request, budget_id: str) -> Response:
        budget = self._budget(budget_id)
        return Response(budget_json(limit_use.noted_on(budget)))

    @documented(summary="Update a budget", request=BudgetInput, response=BudgetJson, errors=[409])
    def update(self, _request: Request, budget_id: str) -> Response:
        budget = budgets.update(
            project=self.project,
            budget=self._budget(budget_id),
            data=self.parse(BudgetInput, partial=True),
            at=self.at,
        )
        return Response(budget_json(limit_use.noted_on(budget)))

    @documented(summary="Delete a budget that no campaign has", status=204)
    def destroy(self, _request: Request, budget_id: str) -> Response:
        budgets.delete(project=self.project, budget=self._budget(budget_id), at=self.at)
        return Response(status=204)

    def _budget(self, budget_id: str) -> Budget:
        return budgets.find(project=self.project, reference=budget_id)
