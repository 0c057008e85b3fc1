"""The source of the project, read without importing it."""

import ast
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# From the top of the chain to its foot; imports and foreign keys go down.
CHAIN = ["reporting", "redemptions", "campaigns", "rewards", "customers", "loyalty_project"]
LABELS = ["reporting", "redemptions", "campaigns", "rewards", "customers", "core"]


def tracked(*patterns):
    """Files that git knows or would add, so that what lies about by chance is left out."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [
        ROOT / name for name in sorted(set(listing.stdout.splitlines())) if (ROOT / name).exists()
    ]


def modules(*packages):
    """Our Python files under `packages` (all apps by default), generated migrations left out."""
    patterns = [f"{package}/*.py" for package in packages or CHAIN]
    return [path for path in tracked(*patterns) if not path.match("migrations/0001_*.py")]


def parsed(path):
    return ast.parse(path.read_text(), filename=str(path))


def place(path, node=None):
    line = f":{node.lineno}" if node is not None else ""
    return f"{path.relative_to(ROOT)}{line}"


def functions(tree):
    return [
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def dotted(node):
    """`a.b.c` for an attribute or a name; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else node.attr
    return ""


def words(name):
    """The words of a name in any of Python's styles, lower case and singular."""
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)
    return {part.lower().removesuffix("s") for part in parts}
