"""Browsers ask before they call `/client/v1` from another origin; only trusted ones may read."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

_METHODS = "GET, POST, PUT, OPTIONS"
_HEADERS = (
    "Authorization, Content-Type, Idempotency-Key, X-Client-Application-Id, X-Client-Token, "
    "X-Voucherify-API-Version, X-Voucherify-Channel, X-Voucherify-Double-Opt-In"
)
_READABLE = (
    "Idempotent-Replayed, Retry-After, X-Rate-Limit-Limit, X-Rate-Limit-Remaining, "
    "X-Rate-Limit-Retry, X-Rate-Limit-Type, X-Request-Id"
)


class ClientCorsMiddleware:
    """Answers preflights, which carry no key, and names the origin on answers to a valid key."""

    def __init__(self, get_response: Callable[[Any], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        origin = request.headers.get("Origin", "")
        if not origin or not request.path_info.startswith("/client/v1"):
            return self.get_response(request)
        is_preflight = request.method == "OPTIONS"
        response = HttpResponse(status=204) if is_preflight else self.get_response(request)
        patch_vary_headers(response, ["Origin"])
        if is_preflight:
            response["Access-Control-Allow-Methods"] = _METHODS
            response["Access-Control-Allow-Headers"] = _HEADERS
            response["Access-Control-Max-Age"] = "600"
        elif getattr(request, "credential", None) is None:
            return response
        response["Access-Control-Allow-Origin"] = origin
        response["Access-Control-Expose-Headers"] = _READABLE
        return response
