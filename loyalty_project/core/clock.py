"""The only place that reads the clock; interfaces call it once and pass the instant on."""

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """The current instant in UTC, aware."""
    return timezone.now()
