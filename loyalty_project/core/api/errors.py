"""Every failure as the one published body; what nobody foresaw is `internal_error` and logged."""

from collections.abc import Callable
from typing import Any

import psycopg
import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import Error as DatabaseError
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response

from loyalty_project.core import context, strict_json
from loyalty_project.core.api import parsers
from loyalty_project.core.api.inputs import first_failure
from loyalty_project.core.errors import Busy, Denied, Invalid, LoyaltyError, NotFound

log = structlog.get_logger(__name__)
RETRY_AFTER_SECONDS = 1
# For errors of the platform; those of the domain say theirs on the class.
EXPLANATIONS = {
    "not_found": _("There is nothing under this code or id."),
    "multiple_requests": _("The same thing is being changed right now. Try again in a moment."),
    "missing_required_permission": _("The key is valid but may not do this."),
    "unauthorized": _("The key is missing, wrong, expired, revoked, or used from elsewhere."),
    "too_many_requests": _("This key has used up its calls. Other keys are not affected."),
    "service_unavailable": _("The database is away just now. Try again in a moment."),
    "internal_error": _("This is our fault. The request id finds it in the log."),
}
_CONTENTION = (
    psycopg.errors.LockNotAvailable,
    psycopg.errors.SerializationFailure,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.QueryCanceled,
)
# The connection broke, was refused, or none was free in time.
_AWAY = (psycopg.OperationalError, psycopg.InterfaceError)
_OUR_FAULT = (psycopg.errors.DivisionByZero,)


class InternalError(LoyaltyError):
    """Nobody foresaw it; the log line with the request id has the traceback."""

    status = 500
    key = "internal_error"
    message = "Internal error"


class Unavailable(LoyaltyError):
    """The database is away; nothing is kept, and the same call works when it is back."""

    status = 503
    key = "service_unavailable"
    message = "Service unavailable"


class InvalidQuery(Invalid):
    """A parameter in the query string that cannot be understood."""

    key = "invalid_query_params"
    message = "Invalid query params"


class UnknownRoute(NotFound):
    """No such endpoint."""


class MethodNotAllowed(LoyaltyError):
    status = 405
    key = "method_not_allowed"
    message = "Method not allowed"


class UnsupportedMediaType(LoyaltyError):
    status = 415
    key = "unsupported_media_type"
    message = "Unsupported media type"


def handle(error: Exception, call: dict[str, Any] | None = None) -> Response:
    """The answer to `error`, whatever it is; never None, so that no page of Django's is sent."""
    del call
    known = recognized(error)
    if known.status >= 500:
        log.error("api_failed", exc_info=error)
    return Response(body(known), status=known.status, headers=headers(known))


def body(error: LoyaltyError) -> dict[str, Any]:
    """The published error body, with our `explanation` beside it where there is one."""
    if isinstance(error, parsers.TooLarge):
        return {"statusCode": 413, "error": "Request Entity Too Large", "message": error.message}
    found: dict[str, Any] = {
        "code": error.status,
        "key": error.key,
        "message": error.message,
        "details": error.details,
        "request_id": context.current_request_id(),
        "resource_id": error.resource_id,
        "resource_type": error.resource_type,
        "explanation": str(error.explanation or EXPLANATIONS.get(error.key, "")),
    }
    kept = {name: value for name, value in found.items() if value not in {None, ""}}
    return kept | {name: value for name, value in error.extra.items() if name != "retry_after"}


def headers(error: LoyaltyError) -> dict[str, str]:
    """`Retry-After` in seconds, where the error says when to try again."""
    seconds = error.extra.get("retry_after")
    return {} if seconds is None else {"Retry-After": str(seconds)}


def recognized(error: Exception) -> LoyaltyError:
    """The error of ours that says what `error` is."""
    if isinstance(error, LoyaltyError):
        return error
    if isinstance(error, DatabaseError):
        return _of_database(error)
    for kind, known in _RECOGNIZED.items():
        if isinstance(error, kind):
            return known(error)
    return InternalError()


def _of_database(error: Exception) -> LoyaltyError:
    cause = error.__cause__
    if isinstance(cause, _CONTENTION):
        return Busy(extra={"retry_after": RETRY_AFTER_SECONDS})
    if isinstance(cause, psycopg.DataError) and not isinstance(cause, _OUR_FAULT):
        return Invalid("A value is too long or too large to be stored")
    if isinstance(cause, _AWAY):
        return Unavailable(extra={"retry_after": RETRY_AFTER_SECONDS})
    return InternalError()


def _says(error: Exception) -> str:
    return str(getattr(error, "detail", error))


_RECOGNIZED: dict[type[Exception], Callable[[Any], LoyaltyError]] = {
    exceptions.ValidationError: lambda error: Invalid(first_failure(error.get_full_details())),
    exceptions.MethodNotAllowed: lambda error: MethodNotAllowed(_says(error)),
    exceptions.UnsupportedMediaType: lambda error: UnsupportedMediaType(_says(error)),
    exceptions.ParseError: lambda error: strict_json.InvalidJson(_says(error)),
    exceptions.NotFound: lambda error: NotFound(_says(error)),
    exceptions.PermissionDenied: lambda error: Denied(_says(error), key="forbidden"),
    PermissionDenied: lambda error: Denied(_says(error), key="forbidden"),
    Http404: lambda error: NotFound(_says(error)),
    RequestDataTooBig: lambda _error: parsers.TooLarge(),
}
