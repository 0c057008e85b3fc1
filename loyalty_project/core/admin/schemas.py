"""What the metadata of each resource may contain."""

import json
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from loyalty_project.core.admin import base, display
from loyalty_project.core.models import MetadataSchema
from loyalty_project.core.services import metadata_schemas


class MetadataSchemaForm(forms.ModelForm):
    class Meta:
        model = MetadataSchema
        fields = ["related_object", "allow_defined_only", "properties"]

    def clean_properties(self) -> Any:
        properties = self.cleaned_data["properties"]
        for name, rule in properties.items():
            if not isinstance(rule, dict) or "type" not in rule:
                message = _("%(name)s needs an object with a type, such as %(example)s.")
                example = json.dumps({"type": "string", "optional": True})
                raise ValidationError(message, params={"name": name, "example": example})
        return {
            name: {"array": False, "optional": True, **rule} for name, rule in properties.items()
        }


@admin.register(MetadataSchema)
class MetadataSchemaPage(base.ProjectAdmin):
    form = MetadataSchemaForm
    list_display = [
        "related_object",
        display.active("allow_defined_only"),
        display.when("updated_at"),
    ]
    search_fields = ["related_object__istartswith"]
    metadata_fields = ["properties"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        del request
        return ["related_object"] if obj is not None else []

    def save_model(self, request: Any, obj: MetadataSchema, form: Any, change: bool) -> None:
        given = dict(form.cleaned_data)
        if change:
            given["properties"] = {**_gone(form), **given["properties"]}
            saved = metadata_schemas.update(project=request.project, schema=obj, **given)
        else:
            saved = metadata_schemas.create(project=request.project, **given)
        base.become(obj, saved)

    def delete_model(self, request: Any, obj: MetadataSchema) -> None:
        metadata_schemas.delete(project=request.project, schema=obj)

    def delete_queryset(self, request: Any, queryset: QuerySet[MetadataSchema]) -> None:
        for schema in queryset:
            self.delete_model(request, schema)


def _gone(form: Any) -> dict[str, Any]:
    """Definitions that were taken out stay, marked as deleted: their type never changes."""
    return {
        name: {"array": False, "optional": True, **rule, "deleted": True}
        for name, rule in (form.initial.get("properties") or {}).items()
    }
