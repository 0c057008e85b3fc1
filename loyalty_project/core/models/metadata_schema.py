from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from loyalty_project.core.models.base import ProjectOwned, PublicIdField
from loyalty_project.core.models.history import project_history


class MetadataSchema(ProjectOwned):
    """Types and bounds of the metadata of one resource, or a reusable nested schema.

    `properties` is the published map, e.g.
    `{"tier": {"type": "string", "array": false, "optional": true, "eq": ["gold"]}}`.
    """

    public_id = PublicIdField("ms_")
    related_object = models.CharField(
        _("resource"),
        max_length=120,
        help_text=_("campaign, customer, order … or a name of your own for a nested schema."),
    )
    properties = models.JSONField(
        _("properties"), default=dict, help_text=_("Name, type and bounds of each attribute.")
    )
    allow_defined_only = models.BooleanField(
        _("only these"), default=False, help_text=_("Refuse attributes that are not listed.")
    )

    history = project_history()

    class Meta:
        verbose_name = _("metadata schema")
        verbose_name_plural = _("metadata schemas")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "related_object"], name="core_metadataschema_resource"
            )
        ]

    def __str__(self) -> str:
        return self.related_object
