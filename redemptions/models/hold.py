from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from loyalty_project.core.models import ProjectOwned, PublicIdField
from loyalty_project.core.models.history import project_history


class Hold(ProjectOwned):
    """What a session keeps of one code or promotion for itself, until `expires_at` at most.

    `quantity` is held of the code, 0 where that has no limit, `credits` of the card's account in
    minor units, and `uses` of counters by their keys. The rows that these name carry the sums of
    their holds, expired ones included until somebody takes those off. What goes away for good
    leaves its holds nameless, so that they give back the rest.
    """

    public_id = PublicIdField("hold_")
    session_key = models.CharField(_("session"), max_length=255)
    voucher = models.ForeignKey(
        "campaigns.Voucher",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("code"),
    )
    promotion_tier = models.ForeignKey(
        "campaigns.PromotionTier",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("promotion tier"),
    )
    campaign = models.ForeignKey(
        "campaigns.Campaign",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("campaign"),
    )
    account = models.ForeignKey(
        "rewards.LedgerAccount",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("account"),
    )
    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("customer"),
    )
    tracking_id = models.CharField(_("tracking id"), max_length=255, blank=True)
    quantity = models.PositiveSmallIntegerField(_("uses"), default=0)
    credits = models.BigIntegerField(_("amount"), default=0)
    uses = models.JSONField(default=dict)
    expires_at = models.DateTimeField(_("until"))

    # Kept of what is released by hand alone.
    history = project_history()

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds of sessions")
        permissions: ClassVar = [("release_hold", "Can release hold")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "session_key", "voucher"], name="redemptions_hold_voucher"
            ),
            models.UniqueConstraint(
                fields=["project", "session_key", "promotion_tier"], name="redemptions_hold_tier"
            ),
            models.CheckConstraint(
                condition=models.Q(credits__gte=0), name="redemptions_hold_credits"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["project", "expires_at"], name="redemptions_hold_due"),
            models.Index(fields=["project", "-created_at", "-id"], name="redemptions_hold_recent"),
            GinIndex(fields=["uses"], name="redemptions_hold_uses"),
        ]

    def __str__(self) -> str:
        return self.session_key
