"""Balances that are not what their movements say, for the first page."""

from django.utils.translation import gettext as _

from campaigns.models import Voucher
from loyalty_project.core.admin import display
from loyalty_project.core.admin.dashboard import Table
from rewards.ledger import audit

MOST = 5


def alerts() -> list[Table]:
    """A card where the last nightly check found any; two queries at most."""
    found = audit.latest()
    if found is None or not found.differences:
        return []
    wrong = found.differences[:MOST]
    cards = {
        card.account_id: card
        for card in Voucher.objects.filter(account__in=[each["account"] for each in wrong])
    }
    rows = [
        (
            display.link_to(cards.get(each["account"])),
            display.money_of(each["is"]),
            display.money_of(each["should_be"]),
        )
        for each in wrong
    ]
    title = _("Balances that differ from their movements")
    return [Table(title, [_("Card"), _("Balance"), _("Should be")], rows)]
