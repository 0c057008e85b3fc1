"""The customer of a request, and what the engine may know of them."""

from collections.abc import Mapping
from typing import Any

from campaigns.engine import facts
from customers import queries as customer_queries
from customers.models import Customer
from loyalty_project.core.errors import NotFound
from redemptions.context import guests
from redemptions.context.request import Request

_ADDRESS = ("line_1", "line_2", "city", "state", "postal_code", "country")
_PROFILE = ("name", "email", "phone", "description", "source_id", "birthday", "birthdate")


def find_customer(
    given: Mapping[str, Any] | str | None,
    *,
    tracking_id: str | None = None,
    segments: bool = False,
) -> Customer | None:
    """The known customer of a request, who may know the segments as well.

    Raises NotFound for an unknown id without a source id.
    """
    rows = customer_queries.all_customers()
    rows = customer_queries.with_segments(rows) if segments else rows
    if isinstance(given, str):
        given = {"id": given} if given.startswith("cust_") else {"source_id": given}
    public_id, source_id = (given or {}).get("id"), (given or {}).get("source_id")
    found = customer_queries.find(reference=public_id, rows=rows) if public_id else None
    if found is None and source_id:
        return customer_queries.find(reference=source_id, rows=rows)
    if found is None and public_id:
        raise NotFound.of("customer", public_id)
    if found is None and tracking_id and not given:
        return customer_queries.find_tracked(tracking_id=tracking_id, rows=rows)
    return found


def customer_facts(
    customer: Customer | None, request: Request, *, segments: frozenset[str] = frozenset()
) -> facts.Customer | None:
    """What is stored, and on top of it what a trusted caller says; a stranger has no past."""
    if customer is None and request.customer is None:
        return None
    said = request.customer if isinstance(request.customer, Mapping) else {}
    claimed = said if request.trusted else {}
    known = customer.metadata if customer is not None else {}
    summary = customer_queries.summary_of(customer) if customer is not None else None
    source_id = said.get("source_id")
    if isinstance(request.customer, str) and not request.customer.startswith("cust_"):
        source_id = request.customer
    return facts.Customer(
        id=customer.public_id if customer is not None else None,
        source_id=customer.source_id if customer is not None else source_id,
        guest=guests.of(said) if customer is None and not source_id else None,
        metadata={**known, **(claimed.get("metadata") or {})},
        attributes={**_stored(customer), **_said(claimed)},
        segments=segments,
        orders_count=summary.orders_count if summary is not None else 0,
        orders_amount=summary.orders_amount if summary is not None else 0,
        last_order_at=summary.last_order_at if summary is not None else None,
        last_order_amount=summary.last_order_amount if summary is not None else None,
    )


def _stored(customer: Customer | None) -> dict[str, Any]:
    if customer is None:
        return {}
    return {
        "name": customer.name,
        "email": customer.email,
        "phone": customer.phone,
        "description": customer.description,
        "source_id": customer.source_id,
        "birthday": customer.birth_on,
        "birthdate": customer.birth_on,
        "created_at": customer.created_at,
        "line_1": customer.address_line_1,
        "line_2": customer.address_line_2,
        "city": customer.city,
        "state": customer.state,
        "postal_code": customer.postal_code,
        "country": customer.country,
    }


def _said(claimed: Mapping[str, Any]) -> dict[str, Any]:
    address = claimed.get("address") or {}
    found = {name: claimed[name] for name in _PROFILE if claimed.get(name)}
    born = found.get("birthdate") or found.get("birthday")
    if born is not None:
        found |= {"birthday": born, "birthdate": born}
    return found | {name: address[name] for name in _ADDRESS if address.get(name)}
