"""Credit of a gift card: it pays, so that it is no discount although it is reported as one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from campaigns.engine.effects.base import (
    Basis,
    InvalidDiscount,
    Outcome,
    read_required,
)
from campaigns.engine.redeemable import Discount
from loyalty_project.core import money

EFFECTS = ("APPLY_TO_ORDER", "APPLY_TO_ITEMS")


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditDiscount(Discount):
    """`balance` is what can be spent, `wanted` what is asked of it, None for as much as it takes.

    `held` is what other sessions hold of it, and is not in the balance. Minor units.
    """

    is_payment: ClassVar[bool] = True
    balance: int
    wanted: int | None = None
    held: int = 0

    @property
    def amount(self) -> int:
        """What it may pay at most; never below zero."""
        asked = self.balance if self.wanted is None else min(self.wanted, self.balance)
        return max(0, asked)

    @property
    def is_exceeded(self) -> bool:
        return self.wanted is not None and self.wanted > self.balance

    def is_held(self, *, refuses: bool) -> bool:
        """Whether it would do if no other session held anything; some refuse what is less."""
        asked = self.wanted if refuses and self.wanted is not None else 1
        return self.held > 0 and self.balance + self.held >= asked


def read_gift(document: Mapping[str, object]) -> dict[str, object]:
    """The published gift, `{amount, effect}`, as it is kept. Raises InvalidDiscount."""
    effect = document.get("effect") or "APPLY_TO_ORDER"
    if effect not in EFFECTS:
        raise InvalidDiscount("effect", "should be one of the allowed values", of="gift")
    return {"amount": read_required(document, "amount", of="gift"), "effect": str(effect)}


def default_effect(_discount: Discount, _chooses_items: bool) -> str:
    return "APPLY_TO_ORDER"


def apply(discount: CreditDiscount, basis: Basis) -> Outcome:
    """As much as there is left to pay, of the order or of the portions in proportion."""
    if basis.effect == "APPLY_TO_ORDER":
        amount = max(0, min(discount.amount, basis.order.total_amount))
        return Outcome(order=amount, wanted=discount.amount)
    amounts = tuple(portion.amount for portion in basis.portions)
    total = min(discount.amount, sum(amounts))
    return Outcome(items=money.allocate(total, amounts), wanted=discount.amount)
