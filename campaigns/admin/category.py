from typing import Any

from django.contrib import admin
from django.db.models import QuerySet

from campaigns.models import Category
from campaigns.services import categories
from loyalty_project.core import clock
from loyalty_project.core.admin import base, display


@admin.register(Category)
class CategoryAdmin(base.ProjectAdmin):
    icon = "layers"
    list_display = [
        "name",
        display.integer_column("hierarchy"),
        "stacking_rules_type",
        display.when("updated_at"),
    ]
    search_fields = ["name__istartswith"]
    ordering = ["hierarchy", "name"]
    fields = ["name", "hierarchy", "stacking_rules_type"]

    def save_model(self, request: Any, obj: Category, form: Any, change: bool) -> None:
        values = {"project": request.project, "data": form.cleaned_data, "at": clock.now()}
        if change:
            categories.update(category=obj, **values)
        else:
            base.become(obj, categories.create(**values))

    def delete_model(self, request: Any, obj: Category) -> None:
        categories.delete(project=request.project, category=obj, at=clock.now())

    def delete_queryset(self, request: Any, queryset: QuerySet[Category]) -> None:
        for category in queryset:
            self.delete_model(request, category)
