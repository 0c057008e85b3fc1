"""How the codes of a project look, and whether there is room for more of them."""

import re
from collections.abc import Mapping
from typing import Any

from campaigns.models import Voucher
from loyalty_project.core import codes
from loyalty_project.core.errors import Invalid
from loyalty_project.core.models import Project

# No project has so many codes: with this much room nobody has to count.
_PLENTY = 10**12


class NoRoom(codes.InvalidCodeConfig):
    """The pattern cannot yield as many new codes as are wanted."""

    def __init__(self, *, wanted: int, possible: int, taken: int) -> None:
        self.wanted, self.possible, self.taken = wanted, possible, taken
        super().__init__(
            f"the code config can yield {possible} distinct codes, {taken} of them are taken, "
            f"{wanted} are wanted",
            extra={"field": "pattern"},
        )


def read_config(*, project: Project, document: Mapping[str, Any] | None) -> codes.CodeConfig:
    """A code config from the published `{length, charset, pattern, prefix, postfix}`.

    What is not given comes from the project's default. Raises InvalidCodeConfig.
    """
    given = {name: value for name, value in (document or {}).items() if value is not None}
    default = dict(project.default_code_config)
    if "length" in given or "pattern" in given:
        default.pop("length", None)
        default.pop("pattern", None)
    return codes.read({**default, **given})


def config_document(*, config: codes.CodeConfig) -> dict[str, Any]:
    """As published: the length is that of the random part, empty parts are left out."""
    document: dict[str, Any] = {
        "length": config.pattern.count("#"),
        "charset": config.charset,
        "pattern": config.pattern,
    }
    if config.prefix:
        document["prefix"] = config.prefix
    if config.postfix:
        document["postfix"] = config.postfix
    return document


def key_of(*, project: Project, code: str) -> str:
    """What a code is compared by in the project. Raises Invalid for an empty or too long one."""
    key = codes.normalize(code, case_sensitive=project.case_sensitive_codes)
    if not key or len(key) > 255 or len(code) > 255:
        raise Invalid("Property .code must have between 1 and 255 characters")
    if codes.has_invisible(code) or not key.isprintable():
        raise Invalid("Property .code must not contain control or invisible characters")
    return key


def free(*, project: Project, config: codes.CodeConfig) -> tuple[int, int]:
    """How many codes the config can yield, and how many of them the project already has.

    Codes in the bin are taken. With plenty of room the second number is 0 without counting.
    """
    possible = codes.capacity(config, case_sensitive=project.case_sensitive_codes)
    if possible >= _PLENTY:
        return possible, 0
    return possible, _taken(project=project, config=config)


def require_room(*, project: Project, config: codes.CodeConfig, wanted: int) -> None:
    """Raise NoRoom, which names the numbers, unless `wanted` new codes can be made."""
    possible, taken = free(project=project, config=config)
    if possible - taken < wanted:
        raise NoRoom(wanted=wanted, possible=possible, taken=taken)


def _taken(*, project: Project, config: codes.CodeConfig) -> int:
    def key(text: str) -> str:
        return codes.normalize(text, case_sensitive=project.case_sensitive_codes)

    alphabet = codes.symbols(config, case_sensitive=project.case_sensitive_codes)
    one = f"[{''.join(re.escape(key(symbol)) for symbol in alphabet)}]"
    head = config.prefix + config.pattern.partition("#")[0]
    parts = [re.escape(key(text)) for text in config.pattern.split("#")]
    expression = (
        f"^{re.escape(key(config.prefix))}{one.join(parts)}{re.escape(key(config.postfix))}$"
    )
    found = Voucher.objects.filter(
        project=project, code_key__startswith=key(head), code_key__regex=expression
    )
    return int(found.count())
