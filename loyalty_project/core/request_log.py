"""One log line per request: its id, route, status and who; never a path, which may name people."""

from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware


class RequestLogMiddleware(RequestMiddleware):
    """As in the library, with the route for the path and without the query string."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        match = request.resolver_match
        return f"{request.method} {match.route if match is not None else '-'}"
