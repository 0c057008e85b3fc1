"""No signals of ours: a caller sees whom it calls."""

import ast

import pytest

from tests.architecture import source

MODULES = ("django.dispatch", "django.db.models.signals", "django.core.signals")


def signals(tree):
    found = []
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str(module)) if module.startswith(MODULES):
                found.append(module)
            case ast.ImportFrom(module="django.db.models", names=names):
                found += [alias.name for alias in names if alias.name == "signals"]
            case ast.Import(names=names):
                found += [alias.name for alias in names if alias.name.startswith(MODULES)]
            case ast.Name(id="receiver") | ast.Attribute(attr="receiver"):
                found.append("receiver")
    return found


@pytest.mark.parametrize("path", source.modules(), ids=source.place)
def test_uses_no_signal(path):
    assert signals(source.parsed(path)) == []


@pytest.mark.parametrize(
    "line",
    [
        "from django.dispatch import receiver",
        "from django.db.models import signals",
        "@receiver(x)\ndef f(): pass",
    ],
)
def test_sees_a_signal(line):
    assert signals(ast.parse(line)) != []
