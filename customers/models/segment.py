from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from loyalty_project.core.models import ProjectOwned, PublicIdField
from loyalty_project.core.models.history import project_history


class SegmentType(models.TextChoices):
    """The published types; those that are filled by a filter come with their feature."""

    STATIC = "static", _("A fixed list of customers")


class Segment(ProjectOwned):
    """A group of customers."""

    public_id = PublicIdField("seg_")
    name = models.CharField(_("name"), max_length=255, help_text=_("E.g. VIP customers."))
    type = models.CharField(
        _("type"),
        max_length=12,
        choices=SegmentType.choices,
        default=SegmentType.STATIC,
        help_text=_("How customers come into it."),
    )

    history = project_history()

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "name"], name="customers_segment_name")
        ]
        indexes: ClassVar = [
            models.Index(fields=["project", "-created_at", "-id"], name="customers_segment_recent")
        ]

    def __str__(self) -> str:
        return self.name


class SegmentMembership(ProjectOwned):
    """A customer in a segment since `created_at`."""

    segment = models.ForeignKey(
        Segment, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("segment")
    )
    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.CASCADE,
        related_name="segment_memberships",
        verbose_name=_("customer"),
    )

    class Meta:
        verbose_name = _("customer in a segment")
        verbose_name_plural = _("customers in segments")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer", "segment"], name="customers_in_segment_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.segment_id}:{self.customer_id}"
