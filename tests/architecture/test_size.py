"""A file and a function are short enough to be read at once."""

import ast

import pytest

from tests.architecture import source

LONGEST_FILE = 300
LONGEST_FUNCTION = 50


def lengths(tree):
    return {
        f"{node.name}:{node.lineno}": node.end_lineno - node.lineno + 1
        for node in source.functions(tree)
    }


@pytest.mark.parametrize("path", source.modules(*source.CHAIN, "tests"), ids=source.place)
def test_is_short(path):
    text = path.read_text()

    assert len(text.splitlines()) < LONGEST_FILE
    assert {
        n: size for n, size in lengths(ast.parse(text)).items() if size >= LONGEST_FUNCTION
    } == {}


def test_sees_a_long_function():
    tree = ast.parse("def f():\n" + "    pass\n" * 60 + "def f():\n    pass\n")

    assert lengths(tree) == {"f:1": 61, "f:62": 2}
