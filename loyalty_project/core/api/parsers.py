"""Request bodies: lenient where the published clients need it, strict where data would break."""

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.parsers import BaseParser

from loyalty_project.core import strict_json
from loyalty_project.core.errors import LoyaltyError

MAX_BYTES = 10_485_760


class TooLarge(LoyaltyError):
    """The body exceeds 10 MB; the published answer has a shape of its own."""

    status = 413
    key = "request_entity_too_large"
    message = f"Payload content length greater than maximum allowed: {MAX_BYTES}"


class LenientJSONParser(BaseParser):
    """JSON; an empty body and a bare scalar are `{}`, as some clients send them."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        del media_type, parser_context
        body = stream.read(MAX_BYTES + 1)
        if len(body) > MAX_BYTES:
            raise TooLarge
        if not body.strip():
            return {}
        data = strict_json.loads(body)
        return data if isinstance(data, (dict, list)) else {}
