"""Exponents of currencies. The rows come with the migrations; nothing else knows exponents."""

from datetime import date

from loyalty_project.core.errors import Invalid
from loyalty_project.core.models import Currency


class UnknownCurrency(Invalid):
    """The currency table has no row for the code on the day."""


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
