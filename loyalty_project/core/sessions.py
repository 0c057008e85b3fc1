"""How long people stay signed in: so many hours in all, so many minutes without a page."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from loyalty_project.core import clock
from loyalty_project.core.middleware import is_api

SESSION_KEY = "times"
# A session is written this often, not with every page.
NOTED_EVERY_SECONDS = 60


class SessionLimitMiddleware:
    """Ends a session that is too old or was left alone, and says so on the next page.

    The session keeps `[began, seen]` in seconds since 1970.
    """

    def __init__(self, get_response: Callable[[Any], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        if not is_api(request) and request.user.is_authenticated:
            self._limit(request, int(clock.now().timestamp()))
        return self.get_response(request)

    def _limit(self, request: Any, at: int) -> None:
        times = request.session.get(SESSION_KEY)
        began, seen = times or (at, at)
        idle = at - seen >= settings.SESSION_IDLE_MINUTES * 60
        if idle or at - began >= settings.SESSION_HOURS * 3600:
            logout(request)
            messages.info(request, _("You were signed out to be safe. Sign in to go on."))
        elif times is None or at - seen >= NOTED_EVERY_SECONDS:
            request.session[SESSION_KEY] = [began, at]
