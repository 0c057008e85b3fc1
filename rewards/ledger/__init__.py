"""The only writer of balances."""

from rewards.ledger.accounts import NEXT_KEY, open_each, open_many, open_one
from rewards.ledger.lots import expired
from rewards.ledger.postings import (
    DuplicateSource,
    InsufficientBalance,
    NotReversible,
    adjust,
    credit,
    debit,
    reversal,
    reverse,
    transfer,
)
from rewards.ledger.statements import Posting, available, hold, open_lots, release
from rewards.ledger.statements import debit as debit_statements

__all__ = [
    "NEXT_KEY",
    "DuplicateSource",
    "InsufficientBalance",
    "NotReversible",
    "Posting",
    "adjust",
    "available",
    "credit",
    "debit",
    "debit_statements",
    "expired",
    "hold",
    "open_each",
    "open_lots",
    "open_many",
    "open_one",
    "release",
    "reversal",
    "reverse",
    "transfer",
]
