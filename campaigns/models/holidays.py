from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from loyalty_project.core.models import ProjectOwned, PublicIdField
from loyalty_project.core.models.history import project_history


class HolidayCalendar(ProjectOwned):
    """Days on which campaigns pause, or on which alone they run.

    `days` is a list of `{"date": "2027-03-21", "name": "Nowruz"}`, days of the project's clock.
    """

    public_id = PublicIdField("hol_")
    name = models.CharField(_("name"), max_length=120, help_text=_("E.g. Iran 1406."))
    days = models.JSONField(
        _("days"), default=list, help_text=_("One per line: the date and what it is called.")
    )

    history = project_history()

    class Meta:
        verbose_name = _("holiday calendar")
        verbose_name_plural = _("holiday calendars")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "name"], name="campaigns_holidays_name")
        ]

    def __str__(self) -> str:
        return self.name


class HolidayMode(models.TextChoices):
    EXCEPT = "EXCEPT", _("Not on these days")
    ONLY = "ONLY", _("On these days only")
