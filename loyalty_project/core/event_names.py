"""Which events there are, read from `settings.WAFA_EVENTS`; the kernel knows no noun of theirs."""

from collections.abc import Iterable
from importlib import import_module
from typing import Any

from django.conf import settings


def known() -> tuple[str, ...]:
    """Every name that the feed may tell and a webhook may ask for, the published ones first."""
    names = _names()
    return (*names.PUBLISHED, *names.OWN)


def published() -> tuple[str, ...]:
    """The names of the published API, as they are called here."""
    found: tuple[str, ...] = _names().PUBLISHED
    return found


def to_wire(names: Iterable[str]) -> list[str]:
    """The published ones among `names`, in the published spelling."""
    spelling, kept = _names().ON_THE_WIRE, set(published())
    return [spelling.get(name, name) for name in names if name in kept]


def on_the_wire() -> list[str]:
    """Everything that a list on the wire may name: both spellings where there are two."""
    return sorted({*to_wire(published()), *published()})


def from_wire(names: Iterable[str]) -> list[str]:
    """As they are called here, each once, in the order given."""
    ours = {wire: name for name, wire in _names().ON_THE_WIRE.items()}
    return list(dict.fromkeys(ours.get(name, name) for name in names))


def _names() -> Any:
    return import_module(settings.WAFA_EVENTS)
