"""Definitions read once per process: their rows never change, so nothing here grows old."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from campaigns.engine import effects, rules
from campaigns.engine.redeemable import Discount, Rule
from campaigns.models import DefinitionVersion, ValidationRule

KEPT = 20_000


@dataclass(frozen=True, slots=True)
class _Document:
    """Equal when it is of the same row."""

    pk: int
    data: Mapping[str, Any] = field(compare=False)


def discount(definition: DefinitionVersion) -> Discount | None:
    """What a code or tier takes off."""
    found = definition.data.get("discount")
    return None if found is None else _discount(_document(definition))


def rule(row: ValidationRule) -> Rule:
    """A validation rule with its definition."""
    return _rule(_document(row.definition), row.public_id)


def _document(definition: DefinitionVersion) -> _Document:
    return _Document(definition.pk, definition.data)


@lru_cache(maxsize=KEPT)
def _discount(document: _Document) -> Discount:
    return effects.read(document.data["discount"])


@lru_cache(maxsize=KEPT)
def _rule(document: _Document, rule_id: str) -> Rule:
    return replace(rules.read(document.data, rule_id=rule_id), version=document.pk)
