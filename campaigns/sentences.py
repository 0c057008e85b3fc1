"""What the engine answers, in words for people who work here."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from campaigns.engine.results import Reason


def why(reason: Reason) -> str:
    """One sentence for a reason; an unknown key reads as itself."""
    says = _WHY.get(reason.key)
    return says(reason.details) if says else reason.key


def discount(document: Mapping[str, Any], amount: Callable[[int], str]) -> str:
    """A discount in words, e.g. "12.5 % off, at most 20.00 EUR"; `amount` writes minor units."""
    kind = document.get("type")
    if kind == "PERCENT":
        text = _("%(percent)s %% off") % {"percent": f"{document['percent_off']:g}"}
        limit = document.get("amount_limit")
        if limit is not None:
            text = _("%(discount)s, at most %(limit)s") % {
                "discount": text,
                "limit": amount(limit),
            }
    elif kind == "AMOUNT":
        text = _("%(amount)s off") % {"amount": amount(document["amount_off"])}
    elif kind == "FIXED":
        text = _("for %(amount)s") % {"amount": amount(document["fixed_amount"])}
    else:
        text = _("free units")
    if str(document.get("effect") or "").startswith("APPLY_TO_ITEMS"):
        text = _("%(discount)s, on items") % {"discount": text}
    return text


def _limit(details: Mapping[str, Any]) -> str:
    return _("It was used %(redeemed)s of %(limit)s times.") % {
        "redeemed": details.get("redeemed"),
        "limit": details.get("limit"),
    }


def _not_now(details: Mapping[str, Any]) -> str:
    if details.get("scope") == "campaign":
        return _("The days or hours of its campaign do not include this moment.")
    return _("Its days or hours do not include this moment.")


def _not_started(details: Mapping[str, Any]) -> str:
    if details.get("scope") == "campaign":
        return _("Its campaign has not started yet.")
    return _("It has not started yet.")


def _ended(details: Mapping[str, Any]) -> str:
    if details.get("scope") == "campaign":
        return _("Its campaign has ended.")
    return _("It has ended.")


_WHY: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "voucher_disabled": lambda _details: _("It is switched off."),
    "campaign_not_active": lambda _details: _("Its campaign is switched off."),
    "voucher_not_active": _not_started,
    "voucher_expired": _ended,
    "voucher_not_active_now": _not_now,
    "quantity_exceeded": _limit,
}
