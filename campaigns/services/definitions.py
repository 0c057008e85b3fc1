"""What a code gives: documents are checked, kept as immutable versions, and never changed."""

from collections.abc import Mapping
from typing import Any

from campaigns.engine import effects
from campaigns.engine.effects.base import InvalidDiscount
from campaigns.models import DefinitionVersion, VoucherType
from loyalty_project.core.errors import Invalid
from loyalty_project.core.models import Project

# What brings the published types that cannot be made yet.
_LATER_VOUCHERS = {"GIFT_VOUCHER": "gift cards", "LOYALTY_CARD": "loyalty programs"}
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
    """Raise NotAvailable for what only gift cards and loyalty cards have."""
    kind = data.get("type")
    if kind in _LATER_VOUCHERS:
        raise NotAvailable.of(f"{path}.type", kind, _LATER_VOUCHERS[kind])
    for name, feature in (("gift", "gift cards"), ("loyalty_card", "loyalty programs")):
        if data.get(name):
            raise NotAvailable.of(path, name, feature)


def read(*, data: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    """The document of a voucher with `type` and `discount`, as it will be stored.

    `path` leads to it in the request, for messages. Raises Invalid and NotAvailable.
    """
    refuse_later(data=data, path=path)
    kind = data.get("type") or VoucherType.DISCOUNT_VOUCHER
    if kind != VoucherType.DISCOUNT_VOUCHER:
        raise Invalid(f"Property {path}.type must be equal to one of the allowed values")
    discount = data.get("discount")
    if not isinstance(discount, Mapping):
        where = f"Property {path}" if path else "Payload"
        raise Invalid(f"{where} should have required property 'discount'")
    return {"type": str(kind), "discount": read_discount(discount=discount)}


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
