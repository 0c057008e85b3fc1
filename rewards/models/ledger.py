from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from loyalty_project.core.models import ProjectOwned, PublicIdField


class AccountKind(models.TextChoices):
    GIFT = "gift", _("Gift card")


class EntryKind(models.TextChoices):
    """Why a balance moved. `cash_out` is money that left the shop."""

    ISSUE = "issue", _("Issued")
    EARN = "earn", _("Earned")
    REDEEM = "redeem", _("Payment")
    REVERSE = "reverse", _("Given back")
    EXPIRE = "expire", _("Expired")
    ADJUST = "adjust", _("Changed by hand")
    CASH_OUT = "cash_out", _("Paid out")
    TRANSFER_IN = "transfer_in", _("Moved here")
    TRANSFER_OUT = "transfer_out", _("Moved away")
    ACTIVATE = "activate", _("Activated")


class LedgerAccount(ProjectOwned):
    """A balance, in minor units or points; written by `rewards.ledger` alone.

    `held` is reserved and cannot be spent by others. `added` and `subtracted` are the sums of what
    came and went otherwise than by being spent, so that spent = added − subtracted − balance.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=AccountKind.choices)
    balance = models.BigIntegerField(_("balance"), default=0)
    held = models.BigIntegerField(_("held"), default=0)
    overdraft = models.BigIntegerField(default=0)
    added = models.BigIntegerField(_("added"), default=0)
    subtracted = models.BigIntegerField(_("subtracted"), default=0)

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(balance__gte=-models.F("overdraft")),
                name="rewards_account_floor",
            ),
            models.CheckConstraint(
                condition=models.Q(held__gte=0)
                & models.Q(held__lte=models.F("balance") + models.F("overdraft")),
                name="rewards_account_held",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def total(self) -> int:
        """What was put on it less what was taken off without being spent."""
        return self.added - self.subtracted

    @property
    def redeemed(self) -> int:
        return self.total - self.balance


class LedgerEntry(ProjectOwned):
    """One movement, never changed; a mistake is put right by an entry that `reverses` it.

    `source` names the cause, e.g. `redemption:r_…`: the same cause moves an account once.
    `source_id` is the caller's own id of it. `details` are the published ones of a transaction.
    """

    public_id = PublicIdField("vtx_")
    account = models.ForeignKey(
        LedgerAccount,
        on_delete=models.PROTECT,
        related_name="entries",
        db_index=False,
        verbose_name=_("account"),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=EntryKind.choices)
    amount = models.BigIntegerField(_("amount"))
    balance_after = models.BigIntegerField(_("balance"))
    total_after = models.BigIntegerField()
    source = models.CharField(max_length=200)
    source_id = models.CharField(_("source id"), max_length=255, null=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    details = models.JSONField(default=dict)
    reverses = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="reversals", db_index=False
    )
    related_id = models.CharField(max_length=48, blank=True)
    channel = models.CharField(_("channel"), max_length=12, blank=True)
    user = models.ForeignKey(
        "core.User",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("person"),
        db_index=False,
    )
    credential = models.CharField(_("by"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("movement")
        verbose_name_plural = _("movements")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "kind", "source"], name="rewards_entry_once"
            ),
            models.UniqueConstraint(
                fields=["account", "source_id"],
                name="rewards_entry_source_id",
                condition=models.Q(source_id__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "id"], name="rewards_entry_statement"),
            models.Index(fields=["project", "created_at"], name="rewards_entry_recent"),
            models.Index(
                fields=["reverses"],
                name="rewards_entry_reverses",
                condition=models.Q(reverses__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class Lot(ProjectOwned):
    """Credit that expires: what is `left` of what an entry brought. `left` = amount − Σ uses.

    An entry that moves or gives back several lots brings several.
    """

    account = models.ForeignKey(
        LedgerAccount, on_delete=models.PROTECT, related_name="lots", db_index=False
    )
    entry = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, related_name="lots")
    amount = models.BigIntegerField(_("amount"))
    left = models.BigIntegerField(_("left"))
    expires_at = models.DateTimeField(_("expires"))

    class Meta:
        verbose_name = _("lot")
        verbose_name_plural = _("lots")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(left__gte=0) & models.Q(left__lte=models.F("amount")),
                name="rewards_lot_left",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["account", "expires_at", "id"],
                name="rewards_lot_open",
                condition=models.Q(left__gt=0),
            ),
            models.Index(
                fields=["expires_at"], name="rewards_lot_due", condition=models.Q(left__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.left}/{self.amount}"


class LotUse(ProjectOwned):
    """How much of a lot an entry took; below zero is what a reversal put back."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="uses")
    entry = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, related_name="lot_uses")
    amount = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "lot"], name="rewards_lotuse_once")
        ]

    def __str__(self) -> str:
        return f"{self.lot_id} {self.amount:+d}"


class LedgerAudit(ProjectOwned):
    """One check of all balances of a project; `differences` has what did not agree."""

    accounts = models.PositiveIntegerField(_("accounts"))
    differences = models.JSONField(_("differences"), default=list)
    checked_at = models.DateTimeField(_("checked"))

    class Meta:
        verbose_name = _("check of balances")
        verbose_name_plural = _("checks of balances")
        indexes: ClassVar = [
            models.Index(fields=["project", "-checked_at"], name="rewards_audit_recent")
        ]

    def __str__(self) -> str:
        return str(self.pk)
