"""Signing in with a password: whoever fails too often in a minute is refused whatever they type."""

import hashlib
from typing import Any

import structlog
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from loyalty_project.core import clock, context, throttle

log = structlog.get_logger(__name__)
# Failures per minute: of one name from one address, and of one address.
NAME_LIMIT = 5
ADDRESS_LIMIT = 30


class LoginForm(AdminAuthenticationForm):
    """Says the same whether the password is wrong or the limit is reached."""

    error_messages = {
        **AdminAuthenticationForm.error_messages,
        "invalid_login": _(
            "This user name and password do not fit together, or there were too many tries. "
            "Check upper and lower case; after several tries wait a minute."
        ),
    }

    def clean(self) -> dict[str, Any]:
        at = clock.now()
        limits = self._limits()
        for identity, limit in limits.items():
            if throttle.peek(identity, limit=limit, at=at).used >= limit:
                log.warning("sign_in_throttled", ip=context.current_ip())
                raise self.get_invalid_login_error()
        try:
            return super().clean()
        except ValidationError:
            for identity, limit in limits.items():
                throttle.count(identity, limit=limit, at=at)
            log.warning("sign_in_failed", ip=context.current_ip())
            raise

    def _limits(self) -> dict[str, int]:
        """Names are hashed: a key of the cache may neither be long nor hold blanks."""
        ip = throttle.place(context.current_ip())
        name = str(self.cleaned_data.get("username", "")).casefold()
        digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
        return {f"login:{ip}:{digest}": NAME_LIMIT, f"login:{ip}": ADDRESS_LIMIT}
