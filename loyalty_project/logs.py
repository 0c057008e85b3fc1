"""Logs: one JSON line for each event, on standard error."""

from typing import Any

import structlog

PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def settings(*, level: str) -> dict[str, Any]:
    """LOGGING; nothing that quotes paths, pages or people is logged at any level."""
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "processor": structlog.processors.JSONRenderer(),
        "foreign_pre_chain": PROCESSORS,
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django.server": {"level": "WARNING"},
            "django.request": {"level": "ERROR"},  # its warnings quote paths, which may name people
            "django.template": {"level": "INFO"},  # below, it quotes all that a page shows
            "gunicorn.access": {"level": "WARNING"},
            "pyBarcode": {"level": "WARNING"},
        },
    }


def configure() -> None:
    """Send what structlog is told the same way."""
    structlog.configure(
        processors=[
            *PROCESSORS,
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
