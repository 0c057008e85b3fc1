"""How the rows of a draft are joined, as the text that a rule is stored with."""

from typing import Any

from loyalty_project.core.predicates import AnyOf, Leaf, Node, Not

# A number, ("not", part), ("and", part, …) or ("or", part, …); a single part stands for itself.
Joined = Any


def joined(join: str, parts: list[Joined], *, negated: bool) -> Joined:
    """The parts of a group as one; None for no parts."""
    if not parts:
        return None
    whole = parts[0] if len(parts) == 1 else (join, *parts)
    return ("not", whole) if negated else whole


def of_tree(node: Node[None]) -> Joined:
    """The same for what the text of a rule says."""
    if isinstance(node, Leaf):
        return node.number
    if isinstance(node, Not):
        return ("not", of_tree(node.part))
    join = "or" if isinstance(node, AnyOf) else "and"
    return joined(join, [of_tree(part) for part in node.parts], negated=False)


def text_of(whole: Joined) -> str:
    """ "(1 and 2) or not 3"."""
    if isinstance(whole, str):
        return whole
    join, *parts = whole
    if join == "not":
        return f"not {_bracketed(parts[0])}"
    return f" {join} ".join(_bracketed(part) for part in parts)


def _bracketed(part: Joined) -> str:
    text = text_of(part)
    return text if isinstance(part, str) or part[0] == "not" else f"({text})"
