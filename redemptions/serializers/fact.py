"""What the engine looked at, as JSON: times, exact numbers, sets, order lines and windows."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import singledispatch
from typing import Any

from campaigns.engine.facts import Line
from campaigns.engine.redeemable import Validity
from loyalty_project.core import durations, wire


@singledispatch
def fact_json(value: Any) -> Any:
    """A required or actual value in wire units; equal values give equal JSON."""
    return value


@fact_json.register
def _of_instant(value: datetime) -> str:
    return wire.instant(value)


@fact_json.register
def _of_day(value: date) -> str:
    return value.isoformat()


@fact_json.register
def _of_decimal(value: Decimal) -> int | float:
    return int(value) if value == int(value) else float(value)


@fact_json.register(frozenset)
def _of_set(value: frozenset[Any]) -> list[Any]:
    return sorted((fact_json(each) for each in value), key=str)


@fact_json.register(list)
@fact_json.register(tuple)
def _of_list(value: Any) -> list[Any]:
    return [fact_json(each) for each in value]


@fact_json.register(Mapping)
def _of_mapping(value: Mapping[str, Any]) -> dict[str, Any]:
    return {str(key): fact_json(each) for key, each in value.items()}


@fact_json.register
def _of_line(value: Line) -> dict[str, Any]:
    of = {"product_id": value.product_id, "sku_id": value.sku_id, "source_id": value.source_id}
    return {name: each for name, each in of.items() if each} | {"quantity": value.quantity}


@fact_json.register
def _of_validity(value: Validity) -> dict[str, Any]:
    """Its recurring parts under their published names."""
    body: dict[str, Any] = {}
    if value.timeframe is not None:
        body["validity_timeframe"] = {
            "interval": durations.text(value.timeframe.interval),
            "duration": durations.text(value.timeframe.duration),
        }
    if value.days_of_week:
        body["validity_day_of_week"] = sorted(value.days_of_week)
    if value.daily_hours:
        body["validity_hours"] = {
            "daily": [
                {
                    "days_of_week": sorted(each.days_of_week),
                    "start_time": each.start.isoformat("minutes"),
                    **(
                        {"expiration_time": each.expiration.isoformat("minutes")}
                        if each.expiration is not None
                        else {}
                    ),
                }
                for each in value.daily_hours
            ]
        }
    return body
