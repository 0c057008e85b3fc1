from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from loyalty_project.core.models import ProjectOwned


class UsageCounter(ProjectOwned):
    """What is used of one limit or rule that counts, in one period; the guard of it.

    `key` is the text of an engine counter (`redemptions.usage`); amounts are minor units. `held`
    is the sum of what sessions hold of it.
    """

    key = models.CharField(max_length=255, db_collation="C")
    used = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("usage counter")
        verbose_name_plural = _("usage counters")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "key"], name="redemptions_counter_key"),
            models.CheckConstraint(
                condition=models.Q(used__gte=0) & models.Q(held__gte=0),
                name="redemptions_counter_positive",
            ),
        ]

    def __str__(self) -> str:
        return self.key
