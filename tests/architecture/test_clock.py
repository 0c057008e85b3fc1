"""Time comes from one place; everything else is told what time it is."""

import ast

import pytest

from tests.architecture import source

READS = {
    "timezone.now", "timezone.localtime", "timezone.localdate",
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "functions.Now",
}  # fmt: skip
CLOCK = source.ROOT / "loyalty_project/core/clock.py"


def readings(tree):
    called = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    # As a default or a callable it is read later, but still behind the caller's back.
    passed = [node.value for node in ast.walk(tree) if isinstance(node, ast.keyword)]
    return [
        f"{name} in line {node.lineno}"
        for node in [*called, *passed]
        if (name := ".".join(source.dotted(node).split(".")[-2:])) in READS
        and not is_conversion(node, tree)
    ]


def is_conversion(node, tree):
    """`timezone.localtime(instant)` converts; without an argument it reads the clock."""
    return node.attr in {"localtime", "localdate"} and any(
        isinstance(call, ast.Call) and call.func is node and call.args for call in ast.walk(tree)
    )


@pytest.mark.parametrize("path", source.modules(), ids=source.place)
def test_reads_no_clock(path):
    if path == CLOCK:
        assert readings(source.parsed(path)) != []
    else:
        assert readings(source.parsed(path)) == []


@pytest.mark.parametrize(
    "line", ["at = timezone.now()", "f(default=timezone.now)", "datetime.datetime.now(tz=UTC)"]
)
def test_sees_a_reading(line):
    assert len(readings(ast.parse(line))) == 1


def test_lets_a_conversion_pass():
    assert readings(ast.parse("timezone.localtime(at)")) == []
