"""How values look in the published wire format; read by serializers of all apps."""

from datetime import UTC, datetime
from typing import overload


@overload
def instant(value: datetime) -> str: ...
@overload
def instant(value: None) -> None: ...
def instant(value: datetime | None) -> str | None:
    """ISO 8601 in UTC with milliseconds and Z: `2026-03-01T09:30:00.000Z`."""
    if value is None:
        return None
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
