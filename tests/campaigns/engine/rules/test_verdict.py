"""The whole numbers at which a comparison begins or ceases to hold."""

import pytest

from campaigns.engine.rules.verdict import highest, lowest
from loyalty_project.core.predicates import Kind, operators


@pytest.mark.parametrize(
    ("operator", "required", "bounds", "opposite"),
    [
        ("$is", [5], (5, 5), (None, None)),
        ("$is", [4.5], (5, 4), (None, None)),
        ("$is_not", [5], (None, None), (5, 5)),
        ("$in", [2, 5], (None, 5), (None, None)),
        ("$not_in", [2, 5], (None, None), (None, 5)),
        ("$less_than", [5], (None, 4), (5, None)),
        ("$less_than", [4.5], (None, 4), (5, None)),
        ("$less_than_or_equal", [5], (None, 5), (6, None)),
        ("$less_than_or_equal", [4.5], (None, 4), (5, None)),
        ("$more_than", [5], (6, None), (None, 5)),
        ("$more_than", [4.5], (5, None), (None, 4)),
        ("$more_than_or_equal", [5], (5, None), (None, 4)),
        ("$more_than_or_equal", [4.5], (5, None), (None, 4)),
    ],
)
def test_bounds_of_a_comparison_and_of_its_opposite(operator, required, bounds, opposite):
    (comparison,) = operators.read(Kind.NUMBER, {operator: required}, "Rule '1'")

    assert (lowest(comparison), highest(comparison)) == bounds
    found = (lowest(comparison, negated=True), highest(comparison, negated=True))
    assert found == opposite
