"""Something else in the place of what a module has, in this process and for a while."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def swapped(target: Any, name: str, value: Any) -> Iterator[None]:
    """`value` in the place of an attribute."""
    before = getattr(target, name)
    setattr(target, name, value)
    try:
        yield
    finally:
        setattr(target, name, before)
