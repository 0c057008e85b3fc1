"""How the amounts of a project look: digits on screen come from the Currency table alone."""

from contextlib import suppress
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.core.cache import cache
from django.utils.formats import number_format
from redis.exceptions import RedisError

from loyalty_project.core import clock, currencies, money, tenancy

KEEP_SECONDS = 60


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


def look_of(code: str) -> Look:
    """Of the row that counts today, also while the cache is down.

    Raises currencies.UnknownCurrency.
    """
    key = f"currency-look:{code}"
    look: Look | None = None
    with suppress(RedisError, OSError):
        look = cache.get(key)
    if look is None:
        row = currencies.find(code, on=clock.now().date())
        look = Look(code, row.exponent, row.display_digits)
        with suppress(RedisError, OSError):
            cache.set(key, look, KEEP_SECONDS)
    return look


def current() -> Look:
    """Of the open scope's project. Raises tenancy.NoProject outside of one."""
    return look_of(tenancy.current_project().currency)
