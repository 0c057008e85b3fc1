"""Whether the installation lives, is ready, and how busy it is. Nothing here is of a tenant."""

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db import Error as DatabaseError
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from loyalty_project.core import monitoring

# Migrations are not undone under a running process, so that one good answer is enough.
_migrated = {"done": False}


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """The database answers and is migrated; 503 names what is not. Workers are not required."""
    checks = {"database": "ok", "migrations": "ok"}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _is_migrated():
            checks["migrations"] = "pending"
    except DatabaseError:
        checks = {"database": "unreachable", "migrations": "unknown"}
    is_ready = set(checks.values()) == {"ok"}
    status = "ok" if is_ready else "unavailable"
    return JsonResponse({"status": status, "checks": checks}, status=200 if is_ready else 503)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus: requests, latency, outbox lag, open jobs, heartbeats.

    Where METRICS_TOKEN is set, for whoever sends it as a bearer token.
    """
    wanted, sent = settings.METRICS_TOKEN, request.headers.get("Authorization", "")
    if wanted and not constant_time_compare(sent, f"Bearer {wanted}"):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(monitoring.exposition(), content_type=CONTENT_TYPE_LATEST)


def _is_migrated() -> bool:
    if not _migrated["done"]:
        executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
        _migrated["done"] = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated["done"]
