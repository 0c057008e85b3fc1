import re
from collections import Counter
from random import Random
from time import process_time

import pytest

from loyalty_project.core import codes
from loyalty_project.core.codes import CodeConfig

CLEAR = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def test_has_the_published_defaults():
    config = CodeConfig()

    assert (config.length, config.pattern) == (8, "########")
    assert config.charset == "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    assert (config.prefix, config.postfix) == ("", "")


def test_makes_distinct_codes_of_the_charset():
    made = codes.generate(CodeConfig(), 1000)

    assert len(set(made)) == 1000
    assert all(re.fullmatch("[0-9a-zA-Z]{8}", code) for code in made)


@pytest.mark.requirement(216)
@pytest.mark.parametrize(
    ("config", "looks"),
    [
        (CodeConfig(length=5, charset="01"), "[01]{5}"),
        (CodeConfig(length=1), "[0-9a-zA-Z]"),
        (CodeConfig(length=3, pattern="##-####-A"), "[0-9a-zA-Z]{2}-[0-9a-zA-Z]{4}-A"),
        (CodeConfig(pattern="#A#", charset="xyz"), "[xyz]A[xyz]"),
        (CodeConfig(length=4, prefix="TC6-", postfix="#"), "TC6-[0-9a-zA-Z]{4}#"),
        (CodeConfig(length=4, charset="ابپت"), "[ابپت]{4}"),
    ],
)
def test_follows_the_pattern(config, looks):
    assert all(re.fullmatch(looks, code) for code in codes.generate(config, 5))


def test_the_pattern_overrides_the_length():
    assert CodeConfig(length=3, pattern="#####").length == 5


@pytest.mark.parametrize(
    ("config", "sensitive", "insensitive"),
    [
        (CodeConfig(), 62**8, 36**8),
        (CodeConfig(pattern="A-##", charset="0123456789"), 100, 100),
        (CodeConfig(length=2, charset="aAbb"), 9, 4),
        (CodeConfig(pattern="SUMMER"), 1, 1),
    ],
)
def test_counts_what_it_can_make(config, sensitive, insensitive):
    assert codes.capacity(config) == sensitive
    assert codes.capacity(config, case_sensitive=False) == insensitive


def test_can_make_every_code_there_is():
    config = CodeConfig(length=3, charset="0123456789", prefix="X")

    assert sorted(codes.generate(config, 1000)) == [f"X{n:03}" for n in range(1000)]


def test_a_pattern_without_symbols_is_one_code():
    assert codes.generate(CodeConfig(pattern="SUMMER"), 1) == ["SUMMER"]


@pytest.mark.requirement(216)
def test_refuses_more_than_there_are_and_names_the_numbers():
    config = CodeConfig(pattern="A-##", charset="0123456789")

    with pytest.raises(codes.TooFewCodes) as raised:
        codes.generate(config, 101)

    assert (raised.value.wanted, raised.value.possible) == (101, 100)
    assert (raised.value.key, raised.value.status) == ("invalid_code_config", 400)
    assert "100 distinct codes, 101 are wanted" in raised.value.details


def test_codes_that_differ_by_case_alone_are_one_where_case_is_one():
    made = codes.generate(CodeConfig(length=3, charset="aAbB"), 8, case_sensitive=False)

    assert len({codes.normalize(code, case_sensitive=False) for code in made}) == 8


def test_the_same_random_gives_the_same_codes():
    first, second = (codes.generate(CodeConfig(), 50, Random(7)) for _ in range(2))

    assert first == second


def test_other_calls_give_other_codes():
    assert not set(codes.generate(CodeConfig(), 100)) & set(codes.generate(CodeConfig(), 100))


@pytest.mark.parametrize("charset", ["0123456789", CLEAR, codes.ALPHANUMERIC])
def test_no_symbol_is_favored(charset):
    made = codes.generate(CodeConfig(length=12, charset=charset), 20_000, Random(1))

    counts = Counter("".join(made))
    expected = 20_000 * 12 / len(charset)
    assert set(counts) == set(charset)
    chi_squared = sum((count - expected) ** 2 / expected for count in counts.values())
    assert chi_squared < 2.5 * len(charset)


def test_no_symbol_is_favored_where_nearly_all_codes_are_drawn():
    made = codes.generate(CodeConfig(length=3, charset="0123456789"), 500, Random(1))

    assert len(set(made)) == 500
    assert max(Counter(code[0] for code in made).values()) < 80


@pytest.mark.requirement(17)
def test_ten_thousand_codes_take_no_time():
    began = process_time()

    made = codes.generate(CodeConfig(), 10_000)

    assert process_time() - began < 0.1
    assert len(set(made)) == 10_000


@pytest.mark.parametrize(
    "config",
    [
        {"length": 0},
        {"length": -1},
        {"length": 129},
        {"charset": ""},
        {"charset": "ab c"},
        {"charset": "ab\u200f"},
        {"pattern": "## ##"},
        {"prefix": "A\n"},
        {"pattern": "#" * 129},
        {"length": 120, "prefix": "X" * 9},
        {"charset": "".join(chr(n) for n in range(0x4E00, 0x4E00 + 257))},
    ],
)
def test_refuses_a_config_that_makes_no_proper_codes(config):
    with pytest.raises(codes.InvalidCodeConfig):
        CodeConfig(**config)


@pytest.mark.parametrize(
    ("code", "sensitive", "insensitive"),
    [
        ("  Summer-10 ", "Summer-10", "SUMMER-10"),
        ("ＡＢc", "ABc", "ABC"),
        ("\u00a0x\u2003", "x", "X"),
        ("ıi", "ıi", "ıI"),
        ("İ", "İ", "İ"),
        ("straße", "straße", "STRAßE"),
        ("a/b%2F", "a/b%2F", "A/B%2F"),
        ("۱۲۳-٤٥٦", "123-456", "123-456"),
        ("SАVЕ-ΧΥΖ-ро", "SAVE-XYZ-po", "SAVE-XYZ-PO"),
        ("\u200fSAVE\u200b10\ufeff", "SAVE10", "SAVE10"),
        ("ЖУК", "ЖYK", "ЖYK"),
        ("نوروز", "نوروز", "نوروز"),
    ],
)
def test_the_key_of_a_code(code, sensitive, insensitive):
    assert codes.normalize(code) == sensitive
    assert codes.normalize(code, case_sensitive=False) == insensitive


@pytest.mark.parametrize(
    "code", ["Summer", "ＡＢc", " \u00a0é ", "ﬁ", "ıİ", "Ｓа۱\u200f ", "ͺ\u0345"]
)
def test_a_key_is_its_own_key(code):
    for case_sensitive in (True, False):
        key = codes.normalize(code, case_sensitive=case_sensitive)
        assert codes.normalize(key, case_sensitive=case_sensitive) == key
