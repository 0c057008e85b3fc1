"""The `raw` path converter: one segment of the path, whatever its characters."""

from urllib.parse import quote, unquote


class RawSegment:
    """Undoes what RawPathMiddleware keeps encoded: `a%2Fb` is the code `a/b`."""

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        """The segment, trimmed. ValueError (then 404) for what no id can be."""
        text = unquote(value).strip()
        if not text or "\x00" in text or "\ufffd" in text:
            raise ValueError(value)
        return text

    def to_url(self, value: str) -> str:
        return quote(str(value), safe="")
