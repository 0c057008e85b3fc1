"""What the metadata of each resource may contain."""

import json
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from loyalty_project.core.admin import base, display
from loyalty_project.core.models import MetadataSchema


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
        return properties


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
