from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from campaigns.models import Jurisdiction
from campaigns.services import jurisdictions
from loyalty_project.core import clock
from loyalty_project.core.admin import base, display
from loyalty_project.core.admin.forms import ProjectForm


class JurisdictionForm(ProjectForm):
    class Meta(ProjectForm.Meta):
        model = Jurisdiction
        fields = [
            "code",
            "name",
            "gift_cards_expire",
            "cash_out",
            "cash_out_below",
            "is_default",
        ]


@admin.register(Jurisdiction)
class JurisdictionAdmin(base.ProjectAdmin):
    icon = "scroll-text"
    form = JurisdictionForm
    list_display = [
        "name",
        display.code("code"),
        "gift_cards_expire",
        "cash_out",
        display.money("cash_out_below"),
        "is_default",
    ]
    search_fields = ["name__istartswith", "code__istartswith"]
    ordering = ["name", "pk"]
    money_fields = ["cash_out_below"]

    def save_model(self, request: Any, obj: Jurisdiction, form: Any, change: bool) -> None:
        values = {"project": request.project, "data": form.cleaned_data, "at": clock.now()}
        if change:
            base.become(obj, jurisdictions.update(jurisdiction=obj, **values))
        else:
            base.become(obj, jurisdictions.create(**values))

    def delete_model(self, request: Any, obj: Jurisdiction) -> None:
        jurisdictions.delete(project=request.project, jurisdiction=obj, at=clock.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Jurisdiction]) -> None:
        for jurisdiction in queryset:
            self.delete_model(request, jurisdiction)
