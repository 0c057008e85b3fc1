"""Trees of conditions: "(1 and 2) or not 3" as data, and data as closures."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from loyalty_project.core.predicates.errors import InvalidCondition

LENGTH_MAX = 2000
NODES_MAX = 300
DEPTH_MAX = 20

T = TypeVar("T")
S = TypeVar("S")

_TOKEN = re.compile(r"\s*(?:(\d{1,6})|([A-Za-z]+)|([()]))", re.ASCII)


@dataclass(frozen=True, slots=True)
class Leaf(Generic[T]):
    """A condition under its number in the document."""

    number: str
    condition: T


@dataclass(frozen=True, slots=True)
class Not(Generic[T]):
    part: "Node[T]"


@dataclass(frozen=True, slots=True)
class All(Generic[T]):
    """True without parts."""

    parts: "tuple[Node[T], ...]"


@dataclass(frozen=True, slots=True)
class AnyOf(Generic[T]):
    """False without parts."""

    parts: "tuple[Node[T], ...]"


Node = Leaf[T] | Not[T] | All[T] | AnyOf[T]


def parse(text: str, conditions: Mapping[str, Node[T]], where: str) -> Node[T]:
    """The tree of a logic string over numbered conditions; "not" binds before "and" before "or".

    Raises InvalidCondition for a number that no condition has, and for what is too long or deep.
    """
    if len(text) > LENGTH_MAX:
        raise InvalidCondition(where, f"must not be longer than {LENGTH_MAX} characters")
    return _Parser(_tokens(text, where), conditions, where).read()


def compile_tree(
    node: Node[T], leaf: Callable[[Leaf[T]], Callable[[S], bool]]
) -> Callable[[S], bool]:
    """One closure for a tree; `leaf` makes that of a condition."""
    if isinstance(node, Leaf):
        return leaf(node)
    if isinstance(node, Not):
        inner = compile_tree(node.part, leaf)
        return lambda subject: not inner(subject)
    tests = tuple(compile_tree(part, leaf) for part in node.parts)
    if len(tests) == 1:
        return tests[0]
    if len(tests) == 2:
        return _of_two(*tests, both=isinstance(node, All))
    if isinstance(node, All):
        return lambda subject: all(test(subject) for test in tests)
    return lambda subject: any(test(subject) for test in tests)


def _of_two(
    one: Callable[[S], bool], other: Callable[[S], bool], *, both: bool
) -> Callable[[S], bool]:
    """As of any number, without a generator."""
    if both:
        return lambda subject: one(subject) and other(subject)
    return lambda subject: one(subject) or other(subject)


def leaves(node: Node[T]) -> tuple[Leaf[T], ...]:
    """All conditions of a tree, from left to right."""
    if isinstance(node, Leaf):
        return (node,)
    if isinstance(node, Not):
        return leaves(node.part)
    return tuple(leaf for part in node.parts for leaf in leaves(part))


def _tokens(text: str, where: str) -> list[str]:
    tokens, place = [], 0
    text = text.rstrip()
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None:
            raise InvalidCondition(where, f"cannot be read from {text[place:].strip()[:20]!r} on")
        tokens.append(found.group().strip().lower())
        place = found.end()
    if len(tokens) > NODES_MAX:
        raise InvalidCondition(where, f"must not have more than {NODES_MAX} parts")
    return tokens


class _Parser(Generic[T]):
    def __init__(self, tokens: list[str], conditions: Mapping[str, Node[T]], where: str) -> None:
        self.tokens = tokens
        self.place = 0
        self.conditions = conditions
        self.where = where
        self.size = 0
        self.sizes = {number: len(leaves(node)) for number, node in conditions.items()}

    def read(self) -> Node[T]:
        node = self._either(0)
        if self.place < len(self.tokens):
            raise InvalidCondition(self.where, f"has {self.tokens[self.place]!r} too much")
        return node

    def _either(self, depth: int) -> Node[T]:
        parts = [self._both(depth)]
        while self._take("or"):
            parts.append(self._both(depth))
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def _both(self, depth: int) -> Node[T]:
        parts = [self._one(depth)]
        while self._take("and"):
            parts.append(self._one(depth))
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _one(self, depth: int) -> Node[T]:
        if depth > DEPTH_MAX:
            raise InvalidCondition(self.where, f"must not be nested deeper than {DEPTH_MAX}")
        if self._take("not"):
            return Not(self._one(depth + 1))
        if self._take("("):
            node = self._either(depth + 1)
            if not self._take(")"):
                raise InvalidCondition(self.where, "lacks a closing bracket")
            return node
        return self._number()

    def _number(self) -> Node[T]:
        token = self.tokens[self.place] if self.place < len(self.tokens) else ""
        if not token.isdigit():
            raise InvalidCondition(self.where, "must name a rule by its number")
        node = self.conditions.get(token)
        if node is None:
            raise InvalidCondition(self.where, f"names rule {token}, which does not exist")
        self.size += self.sizes[token]
        if self.size > NODES_MAX:
            raise InvalidCondition(self.where, f"must not have more than {NODES_MAX} conditions")
        self.place += 1
        return node

    def _take(self, token: str) -> bool:
        if self.place < len(self.tokens) and self.tokens[self.place] == token:
            self.place += 1
            return True
        return False
