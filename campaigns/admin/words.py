"""How sentences read on the pages of the open project."""

from collections.abc import Mapping
from types import MappingProxyType

from campaigns import sentences
from loyalty_project.core import clock, tenancy
from loyalty_project.core.admin import moments

_NO_NAMES: Mapping[str, str] = MappingProxyType({})


def here(names: Mapping[str, str] = _NO_NAMES) -> sentences.Words:
    """Amounts and clock of the project, the calendar of the person."""
    return sentences.of_project(
        tenancy.current_project(), names=names, at=clock.now(), jalali=moments.is_jalali()
    )
