"""Counters for Prometheus. With several web processes, PROMETHEUS_MULTIPROC_DIR joins them."""

import os
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector

from loyalty_project.core import clock, jobs, tenancy
from loyalty_project.core.models import Heartbeat, OutboxEvent

REQUESTS = Counter(
    "wafa_requests", "Requests by route, method and status.", ["route", "method", "status"]
)
SECONDS = Histogram(
    "wafa_request_seconds",
    "Time to answer, by route.",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def method_of(request: HttpRequest) -> str:
    """The method, or `OTHER` for one that nobody has heard of."""
    return request.method if request.method in _METHODS else "OTHER"


class MetricsMiddleware:
    """Counts each request under its route, never under its path, which could name a customer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        route = match.route if match is not None else "unknown"
        REQUESTS.labels(route, method_of(request), str(response.status_code)).inc()
        SECONDS.labels(route).observe(time.perf_counter() - started)
        return response


class Backlog:
    """What the database knows about waiting work, read when Prometheus asks."""

    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily(
            "wafa_outbox_lag_seconds",
            "Age of the oldest event that waits for its dispatch.",
            value=outbox_lag().total_seconds(),
        )
        yield GaugeMetricFamily("wafa_open_jobs", "Jobs that wait or run.", value=jobs.open_count())
        silence = GaugeMetricFamily(
            "wafa_heartbeat_age_seconds",
            "Time since a worker or beat was last seen; no sample where it never was.",
            labels=["process"],
        )
        for name, seen_at in Heartbeat.objects.values_list("name", "seen_at"):
            silence.add_metric([name], max((clock.now() - seen_at).total_seconds(), 0))
        yield silence
        with tenancy.all_projects():
            yield from _of_apps()


def _of_apps() -> Iterator[Metric]:
    """What `settings.WAFA_GAUGES` names: modules with NAME and HELP, and their functions."""
    for path, function in settings.WAFA_GAUGES.items():
        module = import_module(path)
        yield GaugeMetricFamily(module.NAME, module.HELP, value=getattr(module, function)())


def outbox_lag() -> timedelta:
    """The age of the oldest event that was not dispatched; zero where none waits."""
    with tenancy.all_projects():
        oldest = (
            OutboxEvent.objects.filter(dispatched_at__isnull=True)
            .order_by("pk")
            .values_list("created_at", flat=True)
            .first()
        )
    return clock.now() - oldest if oldest else timedelta()


def exposition() -> bytes:
    """All figures in the text format of Prometheus."""
    backlog = CollectorRegistry()
    backlog.register(Backlog())
    shared = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        shared = CollectorRegistry()
        MultiProcessCollector(shared)
    return generate_latest(shared) + generate_latest(backlog)
