"""Who buys: stored with what they buy."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from customers.models import Customer
from customers.services import customers
from loyalty_project.core.errors import NotFound
from loyalty_project.core.models import Project
from redemptions.context import Loaded, Request


def store(*, project: Project, request: Request, loaded: Loaded, at: datetime) -> Customer | None:
    """The customer of the request, stored; one who is only named and known is left alone.

    Raises NotFound where browsers may not make customers.
    """
    given = request.customer
    if not given:
        return loaded.customer
    named_only = isinstance(given, str) or not set(given) - {"id", "source_id", "object"}
    if loaded.customer is not None and (named_only or not request.trusted):
        return loaded.customer
    if not may_make(project=project, request=request):
        raise NotFound.of("customer", _name(given))
    return customers.upsert(project=project, data=given, at=at)


def may_make(*, project: Project, request: Request) -> bool:
    """Whether the request may make customers that are not known yet."""
    return request.trusted or bool(project.client_options.get("client_create_customer_enabled"))


def _name(given: Mapping[str, Any] | str) -> str:
    return given if isinstance(given, str) else str(given.get("id") or given.get("source_id", ""))
