"""The log of API calls: noted in memory, written in bulk by a thread with its own connection.

No call waits for it. A buffer that is full and a database that fails lose rows, and say how many.
"""

import atexit
import re
import time
from collections.abc import Callable
from datetime import datetime
from threading import Event, Lock, Thread
from typing import Any

import structlog
from django.conf import settings
from django.db import Error, IntegrityError, connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from loyalty_project.core import clock, context, tenancy
from loyalty_project.core.middleware import GetResponse, is_api
from loyalty_project.core.models import ApiCall, ApiKey, ManagementKey, Project
from loyalty_project.core.monitoring import method_of

log = structlog.get_logger(__name__)
BOUND = 10_000
_BATCH = 1_000
_TRIES = 3
_END_WITHIN = 5.0
_VALUE = re.compile(r"<(?:\w+:)?(\w+)>")


def write(calls: list[ApiCall]) -> None:
    """Calls of projects and keys that were deleted meanwhile are left out."""
    with tenancy.all_projects():
        for _ in range(_TRIES):
            try:
                ApiCall.objects.bulk_create(calls, batch_size=_BATCH)
            except IntegrityError as error:
                calls, refused = _owned(calls), error
            else:
                return
    raise refused


def _owned(calls: list[ApiCall]) -> list[ApiCall]:
    owners = {"project_id": Project, "api_key_id": ApiKey, "management_key_id": ManagementKey}
    for name, model in owners.items():
        known = model._default_manager.filter(pk__in={getattr(call, name) for call in calls})
        there = {None, *known.values_list("pk", flat=True)}
        calls = [call for call in calls if getattr(call, name) in there]
    return calls


class Buffer:
    """At most `bound` calls that wait for `write`; a thread hands them on every `seconds`.

    The thread begins with the first call, in the process that answers it. Without `seconds` there
    is none, and calls wait for `flush`.
    """

    def __init__(
        self, *, write: Callable[[list[ApiCall]], None], seconds: float, bound: int = BOUND
    ) -> None:
        self._write, self._seconds, self._bound = write, seconds, bound
        self._calls: list[ApiCall] = []
        self._lost = 0
        self._lock = Lock()
        self._end = Event()
        self._thread: Thread | None = None

    def add(self, call: ApiCall) -> None:
        with self._lock:
            if len(self._calls) >= self._bound:
                self._lost += 1
                return
            self._calls.append(call)
            if self._seconds and not (self._thread and self._thread.is_alive()):
                self._thread = Thread(target=self._run, name="api-calls", daemon=True)
                self._thread.start()

    def flush(self) -> None:
        """Write what waits."""
        with self._lock:
            calls, self._calls = self._calls, []
            lost, self._lost = self._lost, 0
        try:
            if calls:
                self._write(calls)
        except Error as error:
            lost += len(calls)
            log.warning("api_calls_not_written", error=type(error).__name__)
        if lost:
            log.warning("api_calls_lost", calls=lost)

    def close(self) -> None:
        """Write what waits and end the thread."""
        self._end.set()
        if self._thread:
            self._thread.join(_END_WITHIN)

    def _run(self) -> None:
        ends = False
        while not ends:
            ends = self._end.wait(self._seconds)
            self.flush()
            connections.close_all()


buffer = Buffer(write=write, seconds=settings.API_LOG_SECONDS)
atexit.register(buffer.close)


class ApiCallMiddleware:
    """Notes each call of a known key that concerns a project."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        if not is_api(request):
            return self.get_response(request)
        at, began = clock.now(), time.perf_counter()
        response = self.get_response(request)
        project = getattr(request, "project", None)
        if project is not None and project.pk is not None:  # a call may have deleted it
            call = _call(request, response, at=at)
            call.milliseconds = round((time.perf_counter() - began) * 1000)
            buffer.add(call)
        return response


def _call(request: Any, response: HttpResponseBase, *, at: datetime) -> ApiCall:
    key = request.credential
    return ApiCall(
        project_id=request.project.pk,
        created_at=at,
        api_key_id=key.api_key and key.api_key.pk,
        management_key_id=key.management_key and key.management_key.pk,
        method=method_of(request),
        route=route_of(request),
        status=response.status_code,
        error=_error_of(response),
        request_id=context.current_request_id(),
        ip=context.current_ip(),
    )


def route_of(request: HttpRequest) -> str:
    """`/v1/vouchers/{code}`; empty where no endpoint has the path."""
    match = request.resolver_match
    return "" if match is None else named(match.route)


def named(route: str) -> str:
    """A route of Django's as the published API writes it; empty for a pattern that catches all."""
    return "" if route.startswith("^") else "/" + _VALUE.sub(r"{\1}", route)


def _error_of(response: HttpResponseBase) -> str:
    if response.status_code < 400:
        return ""
    body = getattr(response, "data", None)
    return str(body.get("key", "")) if isinstance(body, dict) else ""
