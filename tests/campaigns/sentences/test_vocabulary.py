"""Every name of a rule and every operator has words."""

import pytest

from campaigns import sentences
from campaigns.engine.rules.counted import COUNTED, PAST
from campaigns.engine.rules.items import ALONE, CHOOSING, DISCOUNTABLE, LINES
from campaigns.engine.rules.names import ATTRIBUTES, NAMES
from loyalty_project.core.predicates import Kind
from loyalty_project.core.predicates.operators import OPERATORS
from tests.campaigns.engine.build import asks, rule
from tests.campaigns.sentences.spoken import TEA, WORDS


def said(*conditions, logic=None):
    return sentences.conditions(rule(*conditions, logic=logic), WORDS)


def condition_on(name):
    """A condition that a rule of the name may have."""
    named = NAMES.get(name)
    kind = named.kind if named is not None else Kind.NUMBER
    if name in LINES:
        kind = LINES[name].kind
    value = {Kind.NUMBER: 3, Kind.BOOLEAN: True, Kind.DATE: "2027-01-01"}.get(kind, "x")
    return asks(name, "$is", value, property="P1M;camp_1" if name in PAST else "city")


@pytest.mark.parametrize("name", [*NAMES, *COUNTED, *PAST, *ALONE])
def test_every_name_has_words(name):
    (sentence,) = said(condition_on(name))

    assert name not in sentence
    assert "%" not in sentence


@pytest.mark.parametrize("name", [*CHOOSING, *sorted(DISCOUNTABLE)])
def test_every_name_about_products_has_words(name):
    assert not any("." in each.rstrip(".") for each in said(asks(name, "$is", TEA)))


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_every_attribute_has_words(attribute):
    (sentence,) = said(asks("wafa.customer.attribute", "$has_value", property=attribute))

    assert sentence.startswith("The ")
    assert "_" not in sentence


VALUES = {
    "$timeframe": ["2025-06-01T10:00:00Z;P1D;PT1H"],
    "$timeframe_absolute": ["2025-06-01T00:00:00Z;2025-07-01T00:00:00Z"],
    "$timeframe_daily_hours": ["18:00;20:00;2,3"],
    "$has_value": [],
    "$is_unknown": [],
}


@pytest.mark.parametrize("operator", OPERATORS)
@pytest.mark.parametrize("logic", ["1", "not 1"])
def test_every_operator_has_words_and_a_contrary(operator, logic):
    value = "a" if operator in {"$starts_with", "$ends_with"} else 1
    condition = asks("order.metadata", operator, *VALUES.get(operator, [value]), property="tag")

    (sentence,) = said(condition, logic=logic)
    (other,) = said(condition, logic="not 1" if logic == "1" else "1")

    assert sentence != other
    assert sentence.startswith(("“tag” of the order must ",))
    assert "$" not in sentence
