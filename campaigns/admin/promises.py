"""What discounts promise, in words, with the names of the products that they give."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from campaigns import sentences
from campaigns.models import Campaign, PromotionTier, Voucher
from campaigns.queries import names
from loyalty_project.core.admin import currency, display

Row = Campaign | Voucher | PromotionTier
_NAMES = "names_of_gifts"


def look_up(rows: Iterable[Any]) -> None:
    """The names for all rows of a list, in one query or none."""
    known = list(rows)
    found = names.names_of(ids={each for row in known for each in _ids_in(row)})
    for row in known:
        vars(row)[_NAMES] = found


def of_row(row: Row) -> SafeString:
    """The discount of a campaign, code or tier; empty where it has none."""
    document = _document_of(row)
    if not document:
        return _of_gift(row)
    if _NAMES not in vars(row):
        look_up([row])
    return display.words(sentences.discount(document, currency.current().text, vars(row)[_NAMES]))


def _of_gift(row: Row) -> SafeString:
    gift = _data_of(row).get("gift")
    if not gift:
        return display.EMPTY
    amount = currency.current().text(gift["amount"])
    return display.words(gettext("Gift card of %(amount)s") % {"amount": amount})


def _ids_in(row: Row) -> frozenset[str]:
    return sentences.ids_in_discount(_document_of(row) or {})


def _document_of(row: Row) -> Mapping[str, Any] | None:
    return _data_of(row).get("discount")


def _data_of(row: Row) -> Mapping[str, Any]:
    data = row.voucher_template if isinstance(row, Campaign) else row.definition.data
    return data or {}
