from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from loyalty_project.core.models import ProjectOwned, PublicIdField
from loyalty_project.core.models.history import project_history


class StackingRulesType(models.TextChoices):
    JOINT = "JOINT", _("Always with others")
    EXCLUSIVE = "EXCLUSIVE", _("Never with ordinary ones")


class Category(ProjectOwned):
    """A group of incentives for stacking; a lower hierarchy is applied first."""

    public_id = PublicIdField("cat_")
    name = models.CharField(_("name"), max_length=120, help_text=_("Shown in lists and filters."))
    hierarchy = models.PositiveIntegerField(
        _("hierarchy"), default=1, help_text=_("A lower number is applied first; 0 is the top.")
    )
    stacking_rules_type = models.CharField(
        _("stacking"),
        max_length=10,
        choices=StackingRulesType.choices,
        blank=True,
        help_text=_("Empty: stacks with other ordinary incentives."),
    )

    history = project_history()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "name"], name="campaigns_category_name")
        ]

    def __str__(self) -> str:
        return self.name
