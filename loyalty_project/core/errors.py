"""Anticipated failures: a service raises one, `core.api.errors` makes the published body."""

from collections.abc import Mapping
from typing import Any


class LoyaltyError(Exception):
    """Base of every anticipated failure: `status` is the HTTP status, `key` the published key.

    `message` is fixed per class where the published message is fixed; `details` says which value
    was wrong; `explanation` is a lazily translated sentence for the shopper or clerk who reads it;
    `resource_id` and `resource_type` name the object concerned; `extra` holds further members of
    the error body (`error`, `related_object_ids` …), and `retry_after` in seconds for the header.
    """

    status = 400
    key = "invalid_payload"
    message = "Invalid payload"
    explanation: Any = ""

    def __init__(
        self,
        details: str = "",
        *,
        key: str | None = None,
        message: str | None = None,
        resource_id: str | None = None,
        resource_type: str | None = None,
        extra: Mapping[str, Any] | None = None,
        explanation: Any = "",
    ) -> None:
        self.key = key or self.key
        self.explanation = explanation or self.explanation
        self.message = message or self.message
        self.details = details
        self.resource_id = resource_id
        self.resource_type = resource_type
        self.extra = dict(extra or {})
        super().__init__(f"{self.key}: {details or self.message}")


class Invalid(LoyaltyError):
    """Input that can never be accepted as it stands."""


class NotFound(LoyaltyError):
    """No such object in this project."""

    status = 404
    key = "not_found"
    message = "Resource not found"

    @classmethod
    def of(cls, resource_type: str, resource_id: str) -> "NotFound":
        """The published body for an unknown id: `Cannot find voucher with id X`."""
        return cls(
            f"Cannot find {resource_type.replace('_', ' ')} with id {resource_id}",
            resource_id=resource_id,
            resource_type=resource_type,
        )


class Conflict(LoyaltyError):
    """The request clashes with what is stored, or with a request under way."""

    status = 409
    key = "duplicate_found"
    message = "Duplicate resource key"


class Busy(Conflict):
    """A lock was not had within the lock timeout; safe to send again."""

    key = "multiple_requests"
    message = "Multiple concurrent requests are not allowed"


class Denied(LoyaltyError):
    """The credential is known but may not do this."""

    status = 403
    key = "missing_required_permission"
    message = "Missing required permission"


class Unauthenticated(LoyaltyError):
    """No credential, or one that is wrong, revoked or used from elsewhere."""

    status = 401
    key = "unauthorized"
    message = "Application id or token are incorrect, please check if your headers are set properly"


class Limited(LoyaltyError):
    """Too many calls; `extra["retry_after"]` says in how many seconds to try again."""

    status = 429
    key = "too_many_requests"
    message = "Too many requests hit the API too quickly."
