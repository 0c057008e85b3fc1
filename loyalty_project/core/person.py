"""The language and time zone of the person at the screen."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone, translation

from loyalty_project.core.middleware import is_api


class PersonMiddleware:
    """Renders in the person's language and time zone; where they chose none, in the browser's
    language and the project's time zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = getattr(request, "user", None)
        if is_api(request) or user is None or not user.is_authenticated:
            return self.get_response(request)
        project = getattr(request, "project", None)
        language = user.language or translation.get_language()
        zone = user.timezone or (project.timezone if project is not None else "")
        with translation.override(language), timezone.override(zone or None):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language or "en")
        return response
