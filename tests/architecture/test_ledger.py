"""Balances are written by the ledger alone."""

import ast

import pytest

from tests.architecture import source

LEDGER = source.ROOT / "rewards" / "ledger"


def writes(tree):
    found = []
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr="balance", ctx=ast.Store()):
                found.append(node.lineno)
            case ast.Call(func=ast.Attribute(attr="update"), keywords=keywords):
                found += [node.lineno for keyword in keywords if keyword.arg == "balance"]
    return found


@pytest.mark.parametrize(
    "path", [path for path in source.modules() if LEDGER not in path.parents], ids=source.place
)
def test_writes_no_balance(path):
    assert writes(source.parsed(path)) == []


@pytest.mark.parametrize("line", ["card.balance -= 1", "cards.update(balance=F('balance') - 1)"])
def test_sees_a_balance_written(line):
    assert writes(ast.parse(line)) == [1]
