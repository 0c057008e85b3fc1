"""Rounding, shares and allocation of money, in integers.

Amounts are in minor units. A rate is in millionths: 12.5 % is 125_000. Half is rounded up, once.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from loyalty_project.core.errors import Invalid

MILLION = 1_000_000

_DECIMAL = re.compile(r"-?\d{1,18}(?:\.\d{1,18})?", re.ASCII)


class InvalidAmount(Invalid):
    """Not a plain decimal number, or one with more decimals than its unit has."""

    key = "invalid_amount"
    message = "Invalid amount"


def percent_of(amount: int, millionths: int) -> int:
    """12.5 % of 199: `percent_of(199, 125_000)` is 25. Half goes up, away from zero."""
    return share(amount, millionths, MILLION)


def share(amount: int, part: int, whole: int) -> int:
    """The amount times part over whole, half up (away from zero); the whole is above zero."""
    rounded = (2 * abs(amount) * part + whole) // (2 * whole)
    return rounded if amount >= 0 else -rounded


def allocate(total: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Split a total by weights so that the parts always sum to it.

    Left-over units go to the largest remainders, ties to the earlier weight. Without any weight
    there is nothing to split by, and every part is 0. ValueError for a negative total or weight.
    """
    if total < 0 or any(weight < 0 for weight in weights):
        raise ValueError("a total and its weights are never negative")
    whole = sum(weights)
    if not whole:
        return (0,) * len(weights)
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: -(total * weights[i] % whole))
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return tuple(parts)


def to_minor(text: str, exponent: int) -> int:
    """Read an amount in major units: `to_minor("12.50", 2)` is 1250.

    ASCII digits with at most one point and a leading minus; no exponent, no grouping, no blanks.
    Decimals beyond the exponent are refused unless they are zeros. Raises InvalidAmount.
    """
    if not _DECIMAL.fullmatch(text):
        raise InvalidAmount(f"{text!r} is not a decimal number")
    whole, _, decimals = text.partition(".")
    kept, beyond = decimals[:exponent], decimals[exponent:]
    if beyond.strip("0"):
        raise InvalidAmount(f"{text!r} has more than {exponent} decimals")
    return int(whole + kept.ljust(exponent, "0"))


def to_major(amount: int, exponent: int) -> Decimal:
    """The amount in major units with all its decimals: `to_major(1250, 2)` is Decimal("12.50")."""
    digits = tuple(int(digit) for digit in str(abs(amount)))
    return Decimal((int(amount < 0), digits, -exponent))


def to_millionths(percent: str) -> int:
    """Read a percentage: `to_millionths("12.5")` is 125_000. Refuses more than four decimals."""
    return to_minor(percent, 4)


def to_percent(millionths: int) -> int | float:
    """A rate as the wire writes it: 10 for 100_000, 12.5 for 125_000."""
    whole, rest = divmod(millionths, 10_000)
    return millionths / 10_000 if rest else whole
