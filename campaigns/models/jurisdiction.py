from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from loyalty_project.core.models import ProjectOwned, PublicIdField
from loyalty_project.core.models.history import project_history


class CashOut(models.TextChoices):
    """Whether what is left on a gift card may, or must, be paid out in cash."""

    NEVER = "NEVER", _("Not possible")
    ALLOWED = "ALLOWED", _("Possible")
    REQUIRED = "REQUIRED", _("Must be given to who asks")


class Jurisdiction(ProjectOwned):
    """The law under which gift cards are sold; `cash_out_below` is a balance in minor units."""

    public_id = PublicIdField("jur_")
    code = models.CharField(
        _("code"), max_length=20, help_text=_("Country and region, e.g. US-ME.")
    )
    name = models.CharField(_("name"), max_length=120, help_text=_("As your team calls it."))
    gift_cards_expire = models.BooleanField(
        _("gift cards may expire"),
        default=True,
        help_text=_("Off: a gift card with an end is refused."),
    )
    cash_out = models.CharField(
        _("cash for the rest"),
        max_length=8,
        choices=CashOut.choices,
        default=CashOut.NEVER,
        help_text=_("Whether the balance of a card can be paid out."),
    )
    cash_out_below = models.BigIntegerField(
        _("only below"),
        null=True,
        blank=True,
        help_text=_("Pay out balances below this amount alone. Empty: any balance."),
    )
    is_default = models.BooleanField(
        _("of the project"),
        default=False,
        help_text=_("Holds for all gift cards whose campaign says nothing else."),
    )

    history = project_history()

    class Meta:
        verbose_name = _("law on gift cards")
        verbose_name_plural = _("laws on gift cards")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "code"], name="campaigns_jurisdiction_code"),
            models.UniqueConstraint(
                fields=["project"],
                name="campaigns_jurisdiction_default",
                condition=models.Q(is_default=True),
            ),
            models.CheckConstraint(
                condition=models.Q(cash_out_below__isnull=True) | models.Q(cash_out_below__gte=0),
                name="campaigns_jurisdiction_below",
            ),
        ]

    def __str__(self) -> str:
        return self.code
