"""Exponents of currencies, and how amounts look. The rows come with the migrations; nothing else
knows exponents."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.core.cache import cache
from django.utils.formats import number_format
from redis.exceptions import RedisError

from loyalty_project.core import clock, money
from loyalty_project.core.errors import Invalid
from loyalty_project.core.models import Currency

KEEP_SECONDS = 60


class UnknownCurrency(Invalid):
    """The currency table has no row for the code on the day."""


@dataclass(frozen=True, slots=True)
class Look:
    """`exponent` digits are stored, `digits` are shown."""

    code: str
    exponent: int
    digits: int

    def text(self, minor: int) -> str:
        """`1,250.00 EUR`: grouped in the active language, half up to the digits shown."""
        step = Decimal(1).scaleb(-self.digits)
        major = money.to_major(minor, self.exponent).quantize(step, rounding=ROUND_HALF_UP)
        return f"{number_format(major, self.digits, force_grouping=True)} {self.code}"


def find(code: str, *, on: date) -> Currency:
    """The row that counts on a day. Raises UnknownCurrency."""
    row = (
        Currency.objects.filter(code=code, effective_from__lte=on)
        .order_by("-effective_from")
        .first()
    )
    if row is None:
        raise UnknownCurrency(f"Property .currency must be a known ISO 4217 code, not {code!r}")
    return row


def look_of(code: str) -> Look:
    """Of the row that counts today, also while the cache is down. Raises UnknownCurrency."""
    key = f"currency-look:{code}"
    look: Look | None = None
    with suppress(RedisError, OSError):
        look = cache.get(key)
    if look is None:
        row = find(code, on=clock.now().date())
        look = Look(code, row.exponent, row.display_digits)
        with suppress(RedisError, OSError):
            cache.set(key, look, KEEP_SECONDS)
    return look
