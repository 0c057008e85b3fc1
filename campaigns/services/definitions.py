"""What a code gives: documents are checked, kept as immutable versions, and never changed."""

from collections.abc import Mapping
from typing import Any, cast

from campaigns.engine import effects
from campaigns.engine.effects import credit
from campaigns.engine.effects.base import InvalidDiscount
from campaigns.models import Campaign, DefinitionVersion, VoucherType
from campaigns.services import kinds
from loyalty_project.core.errors import Invalid
from loyalty_project.core.models import Project

# What brings the published types that cannot be made yet.
_LATER_VOUCHERS = {"LOYALTY_CARD": "loyalty programs"}
MAX_AMOUNT = 10**15
_KEPT = (
    "type",
    "amount_off",
    "percent_off",
    "amount_limit",
    "aggregated_amount_limit",
    "fixed_amount",
    "unit_off",
    "unit_type",
    "units",
    "effect",
)
_FORMULAS = {
    "AMOUNT": "amount_off_formula",
    "PERCENT": "percent_off_formula",
    "FIXED": "fixed_amount_formula",
    "UNIT": "unit_off_formula",
}


class NotAvailable(Invalid):
    """A published kind of thing that a later feature brings; `details` names it."""

    @classmethod
    def of(cls, path: str, value: str, feature: str) -> "NotAvailable":
        where = f"Property {path} {value}" if path else f"Property .{value}"
        return cls(f"{where} is not available: {feature} are not supported yet")


def refuse_later(*, data: Mapping[str, Any], path: str = "") -> None:
    """Raise NotAvailable for what only loyalty cards have."""
    kind = data.get("type")
    if kind in _LATER_VOUCHERS:
        raise NotAvailable.of(f"{path}.type", kind, _LATER_VOUCHERS[kind])
    if data.get("loyalty_card"):
        raise NotAvailable.of(path, "loyalty_card", "loyalty programs")


def read(*, data: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    """The document of a voucher with `type` and `discount` or `gift`, as it will be stored.

    `path` leads to it in the request, for messages. Raises Invalid and NotAvailable.
    """
    refuse_later(data=data, path=path)
    kind = data.get("type") or VoucherType.DISCOUNT_VOUCHER
    if kind not in VoucherType.values:
        raise Invalid(f"Property {path}.type must be equal to one of the allowed values")
    name, other = "discount", "gift"
    if kind == VoucherType.GIFT_VOUCHER:
        name, other = other, name
    given = data.get(name)
    if not isinstance(given, Mapping):
        where = f"Property {path}" if path else "Payload"
        raise Invalid(f"{where} should have required property '{name}'")
    if data.get(other):
        raise Invalid(f"Property {path}.{other} is not for vouchers of type {kind}")
    read_one = read_gift if name == "gift" else read_discount
    return {"type": str(kind), name: read_one(**{name: given})}


def of_new_code(*, campaign: Campaign, data: Mapping[str, Any]) -> dict[str, Any] | None:
    """The document of a code that says something else than its campaign; None where it does not.

    Raises Invalid, and InvalidCampaign for another type than that of the campaign.
    """
    if not (data.get("discount") or data.get("gift")):
        return None
    template = campaign.voucher_template or {}
    given = {"type": template["type"], **data}
    if data.get("gift"):
        given["gift"] = {**template.get("gift", {}), **data["gift"]}
    document = read(data=given)
    kinds.refuse_other_type(campaign=campaign, kind=document["type"])
    return document


def read_gift(*, gift: Mapping[str, Any]) -> dict[str, Any]:
    """What a card holds at first and pays for. Raises InvalidDiscount, which names the field."""
    found = dict(credit.read_gift(gift))
    if not 0 <= cast(int, found["amount"]) <= MAX_AMOUNT:
        raise InvalidDiscount("amount", f"must be <= {MAX_AMOUNT}", of="gift")
    return found


def read_discount(*, discount: Mapping[str, Any]) -> dict[str, Any]:
    """The discount as given, without what is null or unknown.

    `is_dynamic` says that a formula sets its value; the plain one beside it stands where the
    formula has none. Raises InvalidDiscount, also for a formula that could never be computed.
    """
    kept = {name: discount[name] for name in _KEPT if discount.get(name) is not None}
    for kind, name in _FORMULAS.items():
        if not discount.get(name):
            continue
        if kind != kept.get("type"):
            raise InvalidDiscount(name, f"is for discounts of type {kind} only")
        kept[name] = discount[name]
    found = effects.read(kept)
    if any(part.formula is not None for part in (found, *getattr(found, "units", ()))):
        kept["is_dynamic"] = True
    return kept


def make(*, project: Project, document: Mapping[str, Any]) -> DefinitionVersion:
    return DefinitionVersion.objects.create(project=project, data=dict(document))
