"""What happens to every request before a view sees it."""

import ipaddress
import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from loyalty_project.core import active_project, clock, context, credentials, tenancy, throttle
from loyalty_project.core.errors import Limited, LoyaltyError

GetResponse = Callable[[HttpRequest], HttpResponseBase]
API_PREFIXES = ("/v1/", "/client/v1/", "/management/v1/")


def is_api(request: HttpRequest) -> bool:
    """Also without the slash at the end, so that `/v1` itself gets the API's own 404."""
    return f"{request.path_info}/".startswith(API_PREFIXES)


def client_ip(request: HttpRequest) -> str | None:
    """The caller's address; `TRUSTED_PROXIES` says how many hops of X-Forwarded-For to believe."""
    hops = settings.TRUSTED_PROXIES
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if hops and len(forwarded) >= hops and _is_address(forwarded[-hops]):
        return forwarded[-hops]
    remote = request.META.get("REMOTE_ADDR", "")
    return remote if _is_address(remote) else None


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


class RequestIdMiddleware:
    """Gives each request an id, on its response, its log lines, its events and its audit rows."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = f"v-{secrets.token_hex(9)}"
        request.META["HTTP_X_REQUEST_ID"] = request_id
        channel = "API" if is_api(request) else "USER_PORTAL"
        with context.acting(
            user=None,
            api_key=None,
            management_key=None,
            ip=client_ip(request),
            request_id=request_id,
            channel=channel,
        ):
            response = self.get_response(request)
        response["X-Request-Id"] = request_id
        return response


class RawPathMiddleware:
    """Keeps `%2F` inside a path segment of the API, and drops a trailing slash there.

    WSGI decodes the path before Django routes it, so `a%2Fb` would look like two segments. Each
    segment is decoded once and its own slashes and percent signs are encoded again; the `raw` path
    converter undoes that.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if is_api(request):
            raw = request.META.get("RAW_URI") or request.META.get("REQUEST_URI")
            if raw and raw.startswith("/"):
                segments = [unquote(segment) for segment in raw.split("?", 1)[0].split("/")]
            else:
                segments = request.path_info.split("/")
            request.path_info = "/".join(map(_keep_slashes, segments)).rstrip("/")
        return self.get_response(request)


def _keep_slashes(segment: str) -> str:
    return segment.replace("%", "%25").replace("/", "%2F")


class ProjectMiddleware:
    """Opens the scope of the request's project: by key on the API, by choice elsewhere.

    An API request without a valid key goes on with `request.credential_error`, which the API's
    authentication class raises.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        if is_api(request):
            return self._with_key(request)
        return self._with_person(request)

    def _with_key(self, request: Any) -> HttpResponseBase:
        at = clock.now()
        request.credential, request.credential_error, request.project = None, None, None
        try:
            found = credentials.resolve(request, ip=context.actor().ip, at=at)
        except LoyaltyError as error:
            request.credential_error = error
            return self.get_response(request)
        request.credential, request.project = found, found.project
        channel = "CLIENT_API" if found.is_client else "API"
        with context.acting(
            api_key=found.api_key, management_key=found.management_key, channel=channel
        ):
            if found.project is None:
                return self.get_response(request)
            with tenancy.scope(found.project):
                return self.get_response(request)

    def _with_person(self, request: Any) -> HttpResponseBase:
        request.project = None
        user = getattr(request, "user", None)
        if user is None or not user.is_authenticated:
            return self.get_response(request)
        with context.acting(user=user):
            request.project = active_project.of_request(request)
            if request.project is None:
                return self.get_response(request)
            with tenancy.scope(request.project):
                return self.get_response(request)


class ThrottleMiddleware:
    """Counts API calls per key, and answers the published headers and 429."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        credential = getattr(request, "credential", None)
        if credential is None:
            return self.get_response(request)
        limit = credential.api_key.rate_limit if credential.api_key else throttle.MANAGEMENT_LIMIT
        state = throttle.count(credential.identity, limit=limit, at=clock.now())
        if credential.api_key and state.used == 1:  # once a minute is often enough
            credentials.note_use(credential.api_key, at=clock.now())
        if state.exceeded:
            request.credential_error = Limited(extra={"retry_after": state.retry_after})
        response = self.get_response(request)
        for name, value in state.headers.items():
            response[name] = value
        return response
