"""Rows of the published CSV templates of codes, as the bodies that the API would be sent.

The unit of money is the major one: 10 is ten euros, unlike in the API.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from campaigns.models import Campaign
from loyalty_project.core import currencies, metadata, money
from loyalty_project.core.errors import Invalid
from loyalty_project.core.models import Project

_FLAGS = {"true": True, "false": False, "": True}
_TEXTS = {
    "category": "category",
    "start date": "start_date",
    "expiration date": "expiration_date",
    "additional info": "additional_info",
}
_LATER = ("Loyalty Points",)
_KNOWN = {
    *(header.lower() for header in _LATER),
    "gift amount",
    *_TEXTS,
    "code",
    "voucher type",
    "value",
    "discount type",
    "discount effect",
    "validation rule id",
    "active",
    "redeemed quantity",
    "redeemed amount",
    "redemption limit",
}


@dataclass(frozen=True, slots=True)
class Row:
    """`data` is a body of POST /v1/vouchers; `redeemed` None leaves the count alone."""

    data: dict[str, Any]
    redeemed: int | None


class Reader:
    def __init__(self, project: Project, *, campaign: Campaign | None, at: datetime) -> None:
        self.project, self.campaign = project, campaign
        self.schema = metadata.schema_of(project=project, resource="voucher")
        self.exponent = currencies.find(project.currency, on=at.date()).exponent

    def read(self, cells: Mapping[str, str]) -> Row:
        """Raises Invalid naming the column."""
        named = {_name(header): text for header, text in cells.items()}
        code = named.get("code", "")
        if not code:
            raise _wrong("Code", "must not be empty")
        for header in _LATER:
            if named.get(header.lower()):
                raise _wrong(header, "is for loyalty cards")
        data: dict[str, Any] = {"code": code}
        if "active" in named:
            data["active"] = _flag(named["active"])
        for header, name in _TEXTS.items():
            if named.get(header):
                data[name] = named[header]
        if named.get("validation rule id"):
            data["validation_rules"] = [named["validation rule id"]]
        if "redemption limit" in named:
            data["redemption"] = {"quantity": _whole("Redemption limit", named["redemption limit"])}
        data |= self._gives(named)
        data["metadata"] = self._metadata(cells)
        return Row(data, _whole("Redeemed quantity", named.get("redeemed quantity", "")))

    def _gives(self, named: Mapping[str, str]) -> dict[str, Any]:
        """What a code gives, where it does not follow its campaign."""
        if self.campaign is not None:
            amount = named.get("gift amount")
            return {"gift": self._gift(amount, named)} if amount else {}
        kind = named.get("voucher type", "").upper()
        if kind == "GIFT_VOUCHER":
            return {"type": kind, "gift": self._gift(named.get("value", ""), named)}
        return {"type": kind, "discount": self._discount(named)}

    def _discount(self, named: Mapping[str, str]) -> dict[str, Any]:
        kind, value = named.get("discount type", "").upper(), named.get("value", "")
        discount: dict[str, Any] = {"type": kind}
        if named.get("discount effect"):
            discount["effect"] = named["discount effect"].upper()
        if kind == "PERCENT":
            discount["percent_off"] = money.to_percent(money.to_millionths(value))
        elif kind in {"AMOUNT", "FIXED"}:
            name = "amount_off" if kind == "AMOUNT" else "fixed_amount"
            discount[name] = money.to_minor(value, self.exponent)
        else:
            raise _wrong("Discount Type", "must be AMOUNT, PERCENT or FIXED")
        return discount

    def _gift(self, value: str, named: Mapping[str, str]) -> dict[str, Any]:
        gift: dict[str, Any] = {"amount": money.to_minor(value, self.exponent)}
        if named.get("discount effect"):
            gift["effect"] = named["discount effect"].upper()
        return gift

    def _metadata(self, cells: Mapping[str, str]) -> dict[str, Any]:
        own = {
            header: text
            for header, text in cells.items()
            if text and header and _name(header) not in _KNOWN
        }
        return metadata.of_texts(self.schema, own)


def code_of(*, cells: Mapping[str, str]) -> str | None:
    return next((text for header, text in cells.items() if _name(header) == "code"), None)


@lru_cache(maxsize=1024)
def _name(header: str) -> str:
    return header.strip().lower()


def _wrong(header: str, why: str) -> Invalid:
    return Invalid(f"Column '{header}' {why}", extra={"field": header})


def _flag(text: str) -> bool:
    if text.lower() not in _FLAGS:
        raise _wrong("Active", "must be TRUE or FALSE")
    return _FLAGS[text.lower()]


def _whole(header: str, text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise _wrong(header, "must be a whole number")
    return int(text)
