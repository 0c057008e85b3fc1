"""The one loader: from a request and the database to what the engine may look at."""

from redemptions.context.load import begin, complete, load, load_widely
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
from redemptions.context.units import with_units

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
    "load_widely",
    "lock",
    "reference_of",
    "refuse_stored_order",
    "scopes",
    "whose",
    "with_units",
]
