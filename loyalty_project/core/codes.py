"""Random codes from a pattern, and the key under which a code is found again."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from secrets import SystemRandom
from typing import Any

from loyalty_project.core.errors import Invalid

ALPHANUMERIC = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
DEFAULT_LENGTH = 8
MAX_LENGTH = 128

_UPPER = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
# Cyrillic and Greek letters that nobody can tell from a Latin one, and that one.
_LOOK_ALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТУХаеорсухіјѕΑΒΕΖΗΙΚΜΝΟΡΤΥΧο",
    "ABESIJKMHOPCTYXaeopcyxijsABEZHIKMNOPTYXo",
)


class InvalidCodeConfig(Invalid):
    key = "invalid_code_config"
    message = "Invalid code config"


@dataclass(frozen=True, slots=True)
class CodeConfig:
    """How codes look; each `#` of the pattern is one random symbol of the charset.

    The pattern overrides the length; without one it is `#` times the length (8 unless given).
    Prefix and postfix come on top, and a `#` in them is itself. Raises InvalidCodeConfig.
    """

    length: int | None = None
    charset: str = ALPHANUMERIC
    pattern: str = ""
    prefix: str = ""
    postfix: str = ""

    def __post_init__(self) -> None:
        if not self.pattern:
            length = DEFAULT_LENGTH if self.length is None else self.length
            if not 1 <= length <= MAX_LENGTH:
                raise InvalidCodeConfig(f"length must be between 1 and {MAX_LENGTH}")
            object.__setattr__(self, "pattern", "#" * length)
        object.__setattr__(self, "length", len(self.pattern))
        if not self.charset:
            raise InvalidCodeConfig("charset must not be empty")
        text = self.prefix + self.pattern + self.postfix
        if len(text) > MAX_LENGTH:
            raise InvalidCodeConfig(f"a code must not be longer than {MAX_LENGTH} characters")
        if any(c.isspace() or not c.isprintable() for c in self.charset + text):
            raise InvalidCodeConfig("codes must not contain blanks or control characters")
        if len(set(self.charset)) > 256:
            raise InvalidCodeConfig("charset must not have more than 256 symbols")


def read(document: Mapping[str, Any]) -> CodeConfig:
    """A code config from the published `{length, charset, pattern, prefix, postfix}`.

    Raises InvalidCodeConfig.
    """
    length = document.get("length")
    if length is not None and (isinstance(length, bool) or not _is_whole(length)):
        raise InvalidCodeConfig("length must be an integer")
    texts = {}
    for name in ("charset", "pattern", "prefix", "postfix"):
        text = document.get(name)
        if text is not None and not isinstance(text, str):
            raise InvalidCodeConfig(f"{name} must be a text")
        texts[name] = text or ""
    return CodeConfig(
        length=None if length is None else int(length),
        **{**texts, "charset": texts["charset"] or ALPHANUMERIC},
    )


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) or (isinstance(value, float) and value.is_integer())


class TooFewCodes(InvalidCodeConfig):
    """The pattern cannot yield as many distinct codes as are wanted."""

    def __init__(self, *, wanted: int, possible: int) -> None:
        self.wanted = wanted
        self.possible = possible
        super().__init__(
            f"the code config can yield {possible} distinct codes, {wanted} are wanted"
        )


def normalize(code: str, *, case_sensitive: bool = True) -> str:
    """The key of a code, equal for all that people would call the same code.

    Trimmed, in Unicode form NFKC, without characters that nobody sees, with digits of all scripts
    and letters that look like Latin ones as these, and in ASCII upper case where case is one. Only
    ASCII letters change case, so that no locale and no dotless i makes two codes of one.
    """
    key = code.strip()
    if not key.isascii():
        key = unicodedata.normalize("NFKC", "".join(map(_plain, key))).translate(_LOOK_ALIKES)
        key = unicodedata.normalize("NFKC", key).strip()
    return key if case_sensitive else key.translate(_UPPER)


def has_invisible(code: str) -> bool:
    """Controls, marks of direction and width, and what is no character."""
    return any(unicodedata.category(letter).startswith("C") for letter in code.strip())


def _plain(letter: str) -> str:
    category = unicodedata.category(letter)
    if category == "Nd":
        return str(unicodedata.decimal(letter))
    return "" if category == "Cf" else letter


def symbols(config: CodeConfig, *, case_sensitive: bool = True) -> str:
    """The charset without symbols that make the same key: the first of each is kept."""
    keys: dict[str, str] = {}
    for symbol in config.charset:
        keys.setdefault(normalize(symbol, case_sensitive=case_sensitive), symbol)
    return "".join(keys.values())


def capacity(config: CodeConfig, *, case_sensitive: bool = True) -> int:
    """How many distinct codes the configuration can yield."""
    possible: int = len(symbols(config, case_sensitive=case_sensitive)) ** config.pattern.count("#")
    return possible


def generate(
    config: CodeConfig, n: int, random: Random | None = None, *, case_sensitive: bool = True
) -> list[str]:
    """Make n codes with distinct keys, unpredictable unless a `random` of one's own is given.

    Codes of another call may be among them: the constraint of the database has the last word.
    Raises TooFewCodes where the capacity is below n.
    """
    random = random or SystemRandom()
    alphabet = symbols(config, case_sensitive=case_sensitive)
    width = config.pattern.count("#")
    possible = len(alphabet) ** width
    if n > possible:
        raise TooFewCodes(wanted=n, possible=possible)
    if possible < 4 * n:
        drawn = _drawn_without_return(alphabet, width, n, random)
    else:
        drawn = _drawn_distinct(alphabet, width, n, random)
    return _written(config, drawn)


def _drawn_without_return(alphabet: str, width: int, n: int, random: Random) -> list[str]:
    """For nearly exhausted patterns, where drawing again and again would never end."""
    base = len(alphabet)
    drawn = []
    for number in random.sample(range(base**width), n):
        rest, text = number, ""
        for _ in range(width):
            rest, digit = divmod(rest, base)
            text += alphabet[digit]
        drawn.append(text)
    return drawn


def _drawn_distinct(alphabet: str, width: int, n: int, random: Random) -> list[str]:
    drawn: dict[str, None] = {}
    while len(drawn) < n:
        text = _random_text(alphabet, width * (n - len(drawn)), random)
        drawn.update(dict.fromkeys(text[i : i + width] for i in range(0, len(text), width)))
    return list(drawn)


def _random_text(alphabet: str, length: int, random: Random) -> str:
    """Uniform symbols from random bytes: bytes that would favor some symbols are thrown away."""
    base = len(alphabet)
    unfair = bytes(range(256 // base * base, 256))
    table = {byte: alphabet[byte % base] for byte in range(256 - len(unfair))}
    parts: list[bytes] = []
    while length > 0:
        fair = random.randbytes(length * 256 // (256 - len(unfair)) + 16).translate(None, unfair)
        parts.append(fair[:length])
        length -= len(parts[-1])
    return b"".join(parts).decode("latin-1").translate(table)


def _written(config: CodeConfig, drawn: list[str]) -> list[str]:
    if not config.pattern.strip("#"):
        return [f"{config.prefix}{text}{config.postfix}" for text in drawn]
    pieces = list(_pieces(config))
    return ["".join(text[p] if isinstance(p, slice) else p for p in pieces) for text in drawn]


def _pieces(config: CodeConfig) -> Iterator[str | slice]:
    """Literals as they are, runs of `#` as slices of the random text."""
    yield config.prefix
    at = 0
    for run in re.findall("#+|[^#]+", config.pattern):
        if run.startswith("#"):
            yield slice(at, at + len(run))
            at += len(run)
        else:
            yield run
    yield config.postfix
