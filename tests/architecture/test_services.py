"""A service says everything that it depends on: keyword-only, its project first."""

import ast

import pytest

from tests.architecture import source


def wrong(tree):
    public = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]
    return [node.name for node in public if positional(node) or "project" in keywords(node)[1:]]


def positional(function):
    arguments = function.args
    return arguments.args or arguments.posonlyargs or arguments.vararg


def keywords(function):
    return [argument.arg for argument in function.args.kwonlyargs]


def services():
    return [path for path in source.modules() if path.parent.name == "services"]


@pytest.mark.parametrize("path", services(), ids=source.place)
def test_is_called_by_keyword_with_the_project_first(path):
    assert wrong(source.parsed(path)) == []


@pytest.mark.parametrize(
    "line", ["def f(project, at): pass", "def f(*, at, project): pass", "def f(*rows): pass"]
)
def test_sees_a_service_of_another_form(line):
    assert wrong(ast.parse(line)) == ["f"]


def test_leaves_private_functions_alone():
    assert wrong(ast.parse("def _f(rows): pass\ndef g(*, project, at): pass")) == []
    assert wrong(ast.parse("def h(*, card): pass")) == []
