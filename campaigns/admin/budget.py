from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.admin import bounds, figures
from campaigns.admin.limit_fields import LimitsField
from campaigns.admin.safety import safety_view
from campaigns.models import Budget, Campaign
from campaigns.serializers.limit import limits_json
from campaigns.services import budgets
from loyalty_project.core import clock
from loyalty_project.core.admin import base, display
from loyalty_project.core.admin.forms import ProjectForm

CAMPAIGNS_SHOWN = 100


class BudgetForm(ProjectForm):
    limits = LimitsField(
        label=_("limits"),
        help_text=_("All campaigns of the budget together stay within each of them."),
    )

    class Meta(ProjectForm.Meta):
        model = Budget
        fields = ["name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["limits"] = limits_json(self.instance.limits.all())


@admin.register(Budget)
class BudgetAdmin(base.ProjectAdmin):
    icon = "wallet"
    form = BudgetForm
    list_display = [
        "name",
        display.integer_column("campaign_count", _("Campaigns")),
        display.integer_column("limit_count", _("Limits")),
        display.when("updated_at"),
    ]
    search_fields = ["name__istartswith", "public_id__startswith"]
    ordering = ["-created_at", "-pk"]
    fields = ["name", "limits"]

    def get_urls(self) -> list[Any]:
        """With the page of the limits that no budget or campaign owns."""
        view = self.admin_site.admin_view(safety_view)
        return [path("safety/", view, name="campaigns_safety"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Budget]:
        rows: QuerySet[Budget] = super().get_queryset(request)
        alive = Q(campaigns__deleted_at__isnull=True)
        return rows.annotate(
            campaign_count=Count("campaigns", filter=alive, distinct=True),
            limit_count=Count("limits", distinct=True),
        )

    def limits(self, obj: Budget) -> Any:
        """For those who only read: below is what is used as well."""
        return display.integer(obj.limits.count())

    def save_model(self, request: Any, obj: Budget, form: Any, change: bool) -> None:
        values = {"project": request.project, "data": form.cleaned_data, "at": clock.now()}
        if change:
            budgets.update(budget=obj, **values)
        else:
            base.become(obj, budgets.create(**values))
        bounds.warn(request, obj.limits.all())

    def delete_model(self, request: Any, obj: Budget) -> None:
        budgets.delete(project=request.project, budget=obj, at=clock.now())

    def delete_queryset(self, request: Any, queryset: QuerySet[Budget]) -> None:
        for budget in queryset:
            self.delete_model(request, budget)

    def page_panels(self, request: HttpRequest, obj: Budget) -> list[tuple[Any, Any]]:
        return [
            *super().page_panels(request, obj),
            *bounds.panel(obj.limits.all()),
            (gettext("Campaigns with this budget"), _campaigns_of(obj)),
        ]


def _campaigns_of(budget: Budget) -> Any:
    found = Campaign.objects.filter(budget=budget, deleted_at=None).order_by("-created_at", "-pk")
    rows = [
        (display.link_to(row), figures.state(row), display.when_of(row.expires_at))
        for row in found[:CAMPAIGNS_SHOWN]
    ]
    if not rows:
        text = gettext("None yet. Choose it on the page of a campaign, under limits and budget.")
        return format_html("<p>{}</p>", text)
    return display.table([gettext("Campaign"), gettext("State"), gettext("Ends")], rows)
