"""The language of formulas: what it computes, what it refuses, what it cannot compute."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from loyalty_project.core import formulas
from loyalty_project.core.formulas import InvalidFormula, Kind, Moment, Operand

# 00:30 of Thursday 12 June 2025 in Berlin.
NOW = Moment(datetime(2025, 6, 11, 22, 30, tzinfo=UTC), ZoneInfo("Europe/Berlin"))
OPERANDS = {
    "AMOUNT": Operand(Kind.NUMBER),
    "UNKNOWN": Operand(Kind.NUMBER),
    "CITY": Operand(Kind.TEXT),
    "BIRTHDAY": Operand(Kind.DATE),
    "METADATA": Operand(Kind.ANY, keyed=True),
}
FACTS = {
    ("AMOUNT", None): Decimal("120.50"),
    ("CITY", None): "Berlin",
    ("BIRTHDAY", None): date(1990, 6, 12),
    ("METADATA", "margin"): 0.1,
    ("METADATA", "days"): 180,
    ("METADATA", "color"): "red",
    ("METADATA", "tags"): ["a", "b"],
    ("METADATA", "sizes"): [1, 2.5],
    ("METADATA", "since"): "2025-01-31",
    ("METADATA", "vip"): True,
}


def calculate(text):
    return formulas.build(text, OPERANDS).calculate(lambda name, key: FACTS.get((name, key)), NOW)


@pytest.mark.requirement(15, 23, 59)
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("7 / 2", "3.5"),
        ("7 % 4", "3"),
        ("2 - 3 - 4", "-5"),
        ("--3", "3"),
        ("-(2 + 1) × 2 − 8 ÷ 4", "-8"),
        ("0.1 + 0.2", "0.3"),
        ('METADATA("margin") * 3', "0.3"),
        ("AMOUNT * 0.1", "12.050"),
        ("MIN(20; 0.1 * AMOUNT)", "12.050"),
        ("MAX(1; 5; 3)", "5"),
        ("MIN(4)", "4"),
        ("POW(2; 10)", "1024"),
        ("POW(2; -2)", "0.25"),
        ("ROUND(2.5)", "3"),
        ("ROUND(-2.5)", "-3"),
        ("ROUND(1.005; 2)", "1.01"),
        ("ROUND(1250; -2)", "1300"),
        ("FLOOR(2.99)", "2"),
        ("CEIL(2.001; 2)", "2.01"),
        ("IF(AMOUNT >= 100; 15; 10)", "15"),
        ("IF(AMOUNT > 120.50; 15; 10)", "10"),
        ("IF(AMOUNT < 120.50; 15; 10)", "10"),
        ("IF(AMOUNT <= 120.50; 15; 10)", "15"),
        ("IF(AMOUNT < 100 OR AMOUNT >= 120 AND AMOUNT != 3; 1; 0)", "1"),
        ("IF(AND(AMOUNT > 1; NOT(AMOUNT > 2)); 1; 0)", "0"),
        ("IF(OR(AMOUNT > 1; UNKNOWN > 2); 1; 0)", "1"),
        ('IF(CITY is "Berlin"; 1; 0)', "1"),
        ('IF(CITY isNot "Berlin"; 1; 0)', "0"),
        ('IF(CITY contains "erl"; 1; 0)', "1"),
        ("IF(CITY startsWith 'Ber'; 1; 0)", "1"),
        ('IF(endsWith(CITY; "x"); 1; 0)', "0"),
        ('IF(METADATA("vip") = true; 1; 0)', "1"),
        ('SWITCH(CITY; SWITCH_CASE("Bonn"; 1); SWITCH_CASE("Berlin"; 2); 3)', "2"),
        ('SWITCH(METADATA("days"); SWITCH_CASE(90; 1); SWITCH_CASE(180; 8); 0)', "8"),
        ('SWITCH("x"; SWITCH_CASE("y"; 1); 3)', "3"),
        ('DEFAULT_TO(METADATA("nothing"); 4)', "4"),
        ("DEFAULT_TO(1 / UNKNOWN; 4)", "4"),
        ('IF(IN_ARRAY("b"; METADATA("tags")); 1; 0)', "1"),
        ('IF(IN_ARRAY(METADATA("tags"); "c"; "a"); 1; 0)', "1"),
        ('IF(IN_ARRAY(2.50; METADATA("sizes")); 1; 0)', "1"),
        ('IF(NOT_IN_ARRAY("b"; METADATA("tags")); 1; 0)', "0"),
        ('DAYS_SINCE(METADATA("since"))', "132"),
        ('DAYS_SINCE(DATE("2025-06-11"))', "1"),
        ('DAYS_UNTIL(DATE("2025-06-15"))', "3"),
        ('MONTHS_SINCE(METADATA("since"))', "4"),
        ('MONTHS_UNTIL(DATE("2025-12-11"))', "5"),
        ("YEARS_SINCE(BIRTHDAY)", "35"),
        ('IF(DATE_IS(BIRTHDAY; DATE("1990-06-12")); 1; 0)', "1"),
        ("IF(DATE_IS_NOT(TODAY; NOW); 1; 0)", "0"),
        ('IF(IS_AFTER(NOW; DATE_TIME("2025-06-11T22:29:59Z")); 1; 0)', "1"),
        ('IF(IS_BEFORE(TODAY; DATE("2025-06-12")); 1; 0)', "0"),
        ("DAY_OF_MONTH + 100 * MONTH + 10000 * YEAR", "20250612"),
        ('MONTH(DATE("2024-02-29"))', "2"),
    ],
)
def test_computes(text, expected):
    assert calculate(text) == Decimal(expected)


def test_computes_up_to_ten_to_the_fifteenth():
    assert calculate("10000000 * 100000000") == 10**15
    assert calculate("0 - 10000000 * 100000000") == -(10**15)
    assert calculate("AMOUNT - 120.5 + 10000000 * 100000000 + 0.001") is None


@pytest.mark.parametrize(
    "text",
    [
        "UNKNOWN",
        'METADATA("nothing") + 1',
        'METADATA("color") * 2',
        'METADATA("vip") + 1',
        "AMOUNT / (AMOUNT - 120.5)",
        "AMOUNT % (AMOUNT - 120.5)",
        "IF(UNKNOWN > 1; 1; 2)",
        'IF(METADATA("color") > 5; 1; 2)',
        'IF(METADATA("color"); 1; 2)',
        'SWITCH(CITY; SWITCH_CASE("Bonn"; 1); SWITCH_CASE("Ulm"; 1))',
        'DAYS_SINCE(METADATA("color"))',
        "POW(AMOUNT; 99)",
        "POW(AMOUNT; 0.5)",
        "POW(AMOUNT; 1000)",
        "POW(AMOUNT - 120.5; -1)",
        "AMOUNT * 100000000000000",
        "ROUND(AMOUNT; AMOUNT)",
        'METADATA("tags")',
    ],
)
def test_cannot_compute_without_its_values(text):
    assert calculate(text) is None


@pytest.mark.requirement(23)
@pytest.mark.parametrize(
    ("text", "details"),
    [
        ("", "must not be empty"),
        ("  ", "must not be empty"),
        (None, "must not be empty"),
        ("ORDER_AMONT * 2", "ORDER_AMONT is unknown"),
        ("amount", "amount is unknown"),
        ("LOG(2)", "LOG is no function"),
        ("AMOUNT / 0", "divides by zero"),
        ("AMOUNT % (2 - 2)", "divides by zero"),
        ("POW(0; -1)", "POW can never be computed"),
        ("POW(10; 99)", "POW can never be computed"),
        ("CITY * 2", "* needs a number, not a text"),
        ('"a" + 1', "+ needs a number, not a text"),
        ("BIRTHDAY + 1", "+ needs a number, not a date"),
        ("-CITY", "- needs a number, not a text"),
        ("CITY > 5", "> mixes a number with a text"),
        ('CITY > "A"', "> cannot compare a text"),
        ("AMOUNT = CITY", "= mixes a number with a text"),
        ("AMOUNT > 5", "The result needs a number, not a condition"),
        ("CITY", "The result needs a number, not a text"),
        ("IF(AMOUNT; 1; 2)", "IF needs a condition, not a number"),
        ('IF(AMOUNT > 1; 1; "x")', "IF mixes a number with a text"),
        ("IF(AMOUNT > 1; 1)", "IF does not take 2 values"),
        ("MIN()", "MIN does not take 0 values"),
        ("SWITCH(CITY; 1; 2)", "SWITCH needs SWITCH_CASE values and one default last"),
        ("SWITCH(CITY; SWITCH_CASE(1; 2); 3)", "SWITCH mixes a number with a text"),
        ("METADATA", 'METADATA needs a key in quotes: METADATA("key")'),
        ("METADATA(AMOUNT)", 'METADATA needs a key in quotes: METADATA("key")'),
        ("AMOUNT(1)", "AMOUNT takes no values"),
        ("MONTH(1; 2)", "MONTH does not take 2 values"),
        ("DATE(CITY)", "DATE needs a date in quotes"),
        ('DATE("soon")', "DATE cannot read the date 'soon'"),
        ("(1 + 2", "lacks a closing bracket"),
        ("1 + 2)", "has ')' too much"),
        ("1 +", "ends too early"),
        ("1 + * 2", "needs a value before '*'"),
        ("1, 2", "cannot be read from ', 2' on"),
        ("__import__(5)", "cannot be read from '__import__(5)' on"),
        ("AMOUNT.real", "cannot be read from '.real' on"),
        ("2 ** 3", "needs a value before '*'"),
        ("1e9", "cannot be read from '1e9' on"),
        ("(" * 40 + "1" + ")" * 40, "must not be nested deeper than 30"),
        ("1" + "+1" * 400, "must not have more than 300 parts"),
        ("1" * 3000, "must not be longer than 2000 characters"),
    ],
)
def test_refuses_when_it_is_saved(text, details):
    with pytest.raises(InvalidFormula) as refused:
        formulas.build(text, OPERANDS)

    assert refused.value.details == details


def test_says_what_it_asks_for():
    formula = formulas.build('AMOUNT * METADATA("a") + METADATA("b")', OPERANDS)

    assert formula.names == {("AMOUNT", None), ("METADATA", "a"), ("METADATA", "b")}


def test_bounds_hold_for_texts_of_signs():
    for text in ["-" * 1999 + "1", "NOT(" * 299, "((((" * 400]:
        with pytest.raises(InvalidFormula):
            formulas.build(text, OPERANDS)
