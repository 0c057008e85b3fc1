"""What is wrong with a formula, in the language of who types it."""

import ast
from pathlib import Path

import pytest

from campaigns import sentences
from campaigns.engine import effects
from campaigns.engine.effects.base import InvalidDiscount
from campaigns.sentences import formulas as words
from loyalty_project.core import formulas

SOURCES = Path(formulas.__file__).parent


def problems():
    """The first argument of every InvalidFormula that is raised."""
    for source in SOURCES.glob("*.py"):
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "InvalidFormula":
                yield node.args[0].value


def test_every_problem_has_a_sentence():
    assert {*problems()} == {*words._PROBLEMS}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("ORDER_AMOUNT / 0", "The formula divides by zero."),
        ("ORDER_AMOUNT > 5", "The result needs a number, not a condition."),
        ("PRICE", "There is no value PRICE."),
        ("ORDER_METADATA", 'ORDER_METADATA needs a key in quotes: ORDER_METADATA("key").'),
    ],
)
def test_a_problem_is_a_sentence(text, sentence):
    discount = {"type": "AMOUNT", "amount_off": 5, "amount_off_formula": text}
    with pytest.raises(InvalidDiscount) as refused:
        effects.read({**discount, "effect": "APPLY_TO_ORDER"})

    assert sentences.problem(refused.value) == sentence
