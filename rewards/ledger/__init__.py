"""The only writer of balances."""

from rewards.ledger.accounts import NEXT_KEY, open_many, open_one
from rewards.ledger.postings import (
    DuplicateSource,
    InsufficientBalance,
    adjust,
    credit,
    debit,
    reversal,
    reverse,
    transfer,
)
from rewards.ledger.statements import Posting

__all__ = [
    "NEXT_KEY",
    "DuplicateSource",
    "InsufficientBalance",
    "Posting",
    "adjust",
    "credit",
    "debit",
    "open_many",
    "open_one",
    "reversal",
    "reverse",
    "transfer",
]
