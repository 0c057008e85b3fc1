"""Public ids that follow from a seed: the same row has the same id in every load."""

import string
from hashlib import blake2b

_ALPHABET = string.ascii_letters + string.digits
_LENGTH = 24


def make(prefix: str, *parts: object) -> str:
    """`prefix` and 24 letters and digits that depend on the parts alone."""
    digest = blake2b("/".join(map(str, (prefix, *parts))).encode(), digest_size=18).digest()
    number = int.from_bytes(digest, "big")
    letters = []
    for _place in range(_LENGTH):
        number, rest = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[rest])
    return prefix + "".join(letters)
