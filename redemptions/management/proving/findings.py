"""What a run found out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """`said` is what must be true, `seen` what was there."""

    said: str
    holds: bool
    seen: str = ""


def equal(said: str, seen: object, wanted: object) -> Finding:
    """Whether it is exactly what is wanted."""
    text = str(seen) if seen == wanted else f"{seen} instead of {wanted}"
    return Finding(said, seen == wanted, text)
