"""The one loader: from a request and the database to what the engine may look at."""

from redemptions.context.load import begin, complete, load, with_units
from redemptions.context.locking import brought, lock, scopes, whose
from redemptions.context.orders import check_currency, find_order, refuse_stored_order
from redemptions.context.people import find_customer
from redemptions.context.request import (
    DEFAULT_EXPAND,
    PROMOTION_STACK,
    CurrencyMismatch,
    DuplicatedRedeemables,
    Loaded,
    Request,
    Row,
    Wanted,
    reference_of,
)

__all__ = [
    "DEFAULT_EXPAND",
    "PROMOTION_STACK",
    "CurrencyMismatch",
    "DuplicatedRedeemables",
    "Loaded",
    "Request",
    "Row",
    "Wanted",
    "begin",
    "brought",
    "check_currency",
    "complete",
    "find_customer",
    "find_order",
    "load",
    "lock",
    "reference_of",
    "refuse_stored_order",
    "scopes",
    "whose",
    "with_units",
]
