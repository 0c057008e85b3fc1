"""One spelling for what people search by: Arabic and Persian letters, Turkish i, digits, case."""

import unicodedata

_LETTERS = str.maketrans(
    {
        "ي": "ی",
        "ى": "ی",
        "ك": "ک",
        "ة": "ه",
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "İ": "i",
        "I": "i",
        "ı": "i",
        "\u200c": " ",
        "\u0640": "",
    }
)
_ASCII_WORDS = {code: " " for code in range(128) if not chr(code).isalnum()}


def normalize(*parts: str | None) -> str:
    """The non-empty `parts`, joined, in the form that is stored and searched."""
    text = " ".join(part for part in parts if part)
    if text.isascii():
        return " ".join(text.lower().split())
    text = unicodedata.normalize("NFKC", text)
    text = text.translate(_LETTERS).casefold()
    text = "".join(
        str(unicodedata.digit(letter)) if letter.isdigit() else letter for letter in text
    )
    text = unicodedata.normalize("NFKD", text)
    kept = "".join(letter for letter in text if not unicodedata.combining(letter))
    return " ".join(kept.split())


def words(*parts: str | None) -> str:
    """As `normalize`, with everything but letters and digits as a space: one token per word."""
    text = normalize(*parts)
    if text.isascii():
        return " ".join(text.translate(_ASCII_WORDS).split())
    return " ".join("".join(c if c.isalnum() else " " for c in text).split())


def prefix_query(text: str) -> str:
    """A tsquery in which every word of `text` is a prefix, e.g. `ali:* & rez:*`; empty for none."""
    return " & ".join(f"{word}:*" for word in words(text).split())
