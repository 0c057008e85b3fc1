"""Gift cards on the pages of campaigns and codes: balance, movements, money by hand."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.admin.discounts import DISCOUNT, amount_text
from campaigns.models import CashOut, Voucher
from campaigns.queries import cards
from campaigns.services import jurisdictions
from loyalty_project.core import clock
from loyalty_project.core.admin import display, fields
from rewards import ledger
from rewards.models import EntryKind, LedgerEntry

GIFT = ["gift_amount", "gift_effect"]
SHOWN = 20
EFFECTS = [
    ("APPLY_TO_ORDER", gettext_lazy("The whole order")),
    ("APPLY_TO_ITEMS", gettext_lazy("Items that a rule chooses")),
]
TONES = {
    EntryKind.ISSUE: ("info", "gift"),
    EntryKind.REDEEM: ("quiet", "shopping-bag"),
    EntryKind.REVERSE: ("good", "undo-2"),
    EntryKind.EXPIRE: ("quiet", "clock"),
    EntryKind.ADJUST: ("warn", "pencil"),
    EntryKind.CASH_OUT: ("warn", "coins"),
}


class GiftForm(forms.Form):
    """What a gift card holds and pays for; asked where gift cards are made."""

    stored_amount: int | None = None

    gift_amount = fields.MoneyField(
        label=gettext_lazy("value of a card"),
        required=False,
        help_text=gettext_lazy("What each card holds at first."),
    )
    gift_effect = forms.ChoiceField(
        label=gettext_lazy("pays for"),
        choices=EFFECTS,
        required=False,
        help_text=gettext_lazy("A card for items pays only those that its rule chooses."),
    )

    def read_gift(self, gift: dict[str, Any]) -> None:
        """Show what is stored; the value is fixed once cards are made."""
        self.stored_amount = gift["amount"]
        self.initial.update({"gift_amount": gift["amount"], "gift_effect": gift["effect"]})
        self.fields["gift_amount"].disabled = True

    def leave_out(self, part: type[forms.Form]) -> None:
        """Without the fields of another kind of code."""
        for name in part.base_fields:
            self.fields.pop(name, None)

    def check_gift_alone(self) -> None:
        """The sections of other kinds are out of sight."""
        for name in set(self.errors) & {*DISCOUNT}:
            del self.errors[name]
        if not self.cleaned_data.get("gift_amount") and "gift_amount" not in self.errors:
            self.add_error("gift_amount", _("Say what a card holds."))

    def gift(self) -> dict[str, Any]:
        """The published `gift`."""
        data = self.cleaned_data
        effect = data.get("gift_effect") or "APPLY_TO_ORDER"
        amount = data["gift_amount"] if self.stored_amount is None else self.stored_amount
        return {"amount": amount, "effect": effect}


class BalanceForm(forms.Form):
    direction = forms.ChoiceField(
        label=gettext_lazy("what"),
        choices=[("on", gettext_lazy("Put on the card")), ("off", gettext_lazy("Take off"))],
        initial="on",
        widget=forms.RadioSelect,
        help_text=gettext_lazy("No more can be taken off than is on the card."),
    )
    amount = fields.MoneyField(label=gettext_lazy("amount"), help_text=gettext_lazy("How much."))
    reason = forms.CharField(
        label=gettext_lazy("reason"),
        max_length=500,
        help_text=gettext_lazy("Stays with the movement and can never be changed."),
    )


class CashOutForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("reason"),
        max_length=500,
        help_text=gettext_lazy("E.g. who was given the cash, and where."),
    )


def is_card(voucher: Voucher) -> bool:
    return voucher.account_id is not None


def available(voucher: Voucher) -> int:
    """What the card can spend now."""
    account = voucher.account
    if account is None:
        return 0
    return ledger.available(accounts=[account], at=clock.now())[account.pk]


def can_be_paid_out(voucher: Voucher) -> bool:
    account, law = voucher.account, jurisdictions.of_card(campaign=voucher.campaign)
    if account is None or not jurisdictions.may_cash_out(jurisdiction=law, balance=account.balance):
        return False
    return available(voucher) > 0


@admin.display(description=gettext_lazy("Balance"), ordering="account__balance")
def num_balance(voucher: Voucher) -> Any:
    return display.money_of(voucher.account.balance if voucher.account is not None else None)


def figures(voucher: Voucher) -> list[tuple[Any, Any]]:
    account = voucher.account
    if account is None:
        return []
    found = [
        (_("Balance"), display.money_of(account.balance)),
        (_("Paid with it"), display.money_of(account.redeemed)),
        (_("Put on it"), display.money_of(account.added)),
    ]
    if account.subtracted:
        found.append((_("Taken off"), display.money_of(account.subtracted)))
    if account.held:
        found.append((_("Held"), display.money_of(account.held)))
    return found


def statement(voucher: Voucher) -> Any:
    """The last movements with the balance after each; all of them are on the list."""
    found = cards.transactions_of(voucher).order_by("-pk")[:SHOWN]
    rows = [
        (
            display.when_of(entry.created_at),
            display.badge_of(entry.kind, TONES, entry.get_kind_display()),
            display.money_of(entry.amount),
            display.money_of(entry.balance_after),
            what_for(entry),
            who(entry),
        )
        for entry in found
    ]
    heads = [_("When"), _("What"), _("Amount"), _("Balance"), _("What for"), _("By")]
    return display.table(heads, rows)


def what_for(entry: LedgerEntry) -> Any:
    """What somebody said, else the redemption that it paid or gave back."""
    about = entry.details.get("redemption") or {}
    if entry.reason or not about:
        return entry.reason or display.EMPTY
    order = (entry.details.get("order") or {}).get("source_id")
    query = urlencode({"q": about["id"]})
    url = f"{reverse('admin:redemptions_redemption_changelist')}?{query}"
    text = _("Order %(order)s") % {"order": order} if order else about["id"]
    return format_html('<a href="{}"><bdi>{}</bdi></a>', url, text)


def who(entry: LedgerEntry) -> Any:
    """The person or key, nobody for what the system did."""
    if entry.user is not None:
        return format_html("<bdi>{}</bdi>", entry.user.get_username())
    return format_html("<bdi>{}</bdi>", entry.credential) if entry.credential else display.EMPTY


def balance_effects(voucher: Voucher) -> list[str]:
    """What a card holds before it is changed."""
    says = _("The card holds %(amount)s now.")
    return [says % {"amount": amount_text(available(voucher))}]


def cash_out_effects(voucher: Voucher) -> list[str]:
    law = jurisdictions.of_card(campaign=voucher.campaign)
    values = {"amount": amount_text(available(voucher)), "law": law}
    found = [_("%(amount)s leave the card; hand them out in cash.") % values]
    if law is not None and law.cash_out == CashOut.REQUIRED:
        found.append(_("In %(law)s a customer who asks for it must get it.") % values)
    return found
