"""All ways to break one comparison, rounding, sum or choice of a module, one at a time."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

COMPARISONS = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
SUMS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Mod: ast.FloorDiv}
JOINS = {ast.And: ast.Or, ast.Or: ast.And}
CHOICES = {"min": "max", "max": "min", "any": "all", "all": "any"}


@dataclass(frozen=True)
class Mutant:
    """`said` is what stands there broken; `number` is its place among those of the file."""

    path: str
    number: int
    line: int
    was: str
    said: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}  {self.was}  →  {self.said}"


def mutants(path: str, source: str) -> list[Mutant]:
    """What can be broken in a module, from top to bottom."""
    found = []
    for number, (node, broken) in enumerate(_sites(ast.parse(source))):
        was, said = ast.unparse(node), ast.unparse(broken)
        found.append(Mutant(path, number, node.lineno, was[:60], said[:60]))
    return found


def broken(source: str, number: int) -> ast.Module:
    """The module with its mutant of that number."""
    tree = ast.parse(source)
    node, other = list(_sites(tree))[number]
    _Swap(node, other).visit(tree)
    return ast.fix_missing_locations(tree)


class _Swap(ast.NodeTransformer):
    def __init__(self, node: ast.AST, other: ast.AST) -> None:
        self.node, self.other = node, other

    def visit(self, node: ast.AST) -> ast.AST:
        if node is self.node:
            return ast.copy_location(self.other, node)
        return self.generic_visit(node)


def _sites(tree: ast.Module) -> Iterator[tuple[ast.expr, ast.expr]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARISONS:
            first = COMPARISONS[type(node.ops[0])]()
            yield node, ast.Compare(node.left, [first, *node.ops[1:]], node.comparators)
        elif isinstance(node, ast.BinOp):
            yield from ((node, other) for other in _sums(node))
        elif isinstance(node, ast.BoolOp):
            yield node, ast.BoolOp(JOINS[type(node.op)](), node.values)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
            yield node, node.operand
        elif isinstance(node, ast.Call) and getattr(node.func, "id", None) in CHOICES:
            other = ast.Name(CHOICES[node.func.id], ast.Load())
            yield node, ast.Call(other, node.args, node.keywords)


def _sums(node: ast.BinOp) -> Iterator[ast.expr]:
    if isinstance(node.op, ast.FloorDiv):
        # Rounded up instead of down.
        yield ast.UnaryOp(
            ast.USub(), ast.BinOp(ast.UnaryOp(ast.USub(), node.left), ast.FloorDiv(), node.right)
        )
    elif type(node.op) in SUMS:
        yield ast.BinOp(node.left, SUMS[type(node.op)](), node.right)
