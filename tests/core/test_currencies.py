from datetime import date

import pytest

from loyalty_project.core import currencies
from loyalty_project.core.models import Currency


@pytest.mark.parametrize(
    ("code", "exponent", "shown"),
    [("EUR", 2, 2), ("IRR", 2, 0), ("JPY", 0, 0), ("KWD", 3, 3), ("TRY", 2, 2)],
)
def test_exponents_come_from_the_table(reference, code, exponent, shown):
    row = currencies.find(code, on=date(2026, 3, 2))
    assert (row.exponent, row.display_digits) == (exponent, shown)


def test_a_row_counts_from_its_day_on(reference):
    Currency.objects.create(
        code="TRY", name="Lira", exponent=2, display_digits=0, effective_from=date(2027, 1, 1)
    )
    assert currencies.find("TRY", on=date(2026, 12, 31)).display_digits == 2
    assert currencies.find("TRY", on=date(2027, 1, 1)).display_digits == 0


def test_an_unknown_currency_is_refused(reference):
    with pytest.raises(currencies.UnknownCurrency):
        currencies.find("XXX", on=date(2026, 3, 2))
