"""The published context types of rules: for what a rule is made. They restrict nothing.

The Python client refuses to read any other.
"""

_OF_ITEMS = (
    "apply_to_items",
    "apply_to_items_proportionally",
    "apply_to_items_proportionally_by_quantity",
    "apply_to_items_by_quantity",
    "fixed.apply_to_items",
    "percent.apply_to_items",
)
_DISCOUNTS = ("", ".discount.apply_to_order", *(f".discount.{effect}" for effect in _OF_ITEMS))
_GIFTS = ("", ".gift.apply_to_order", ".gift.apply_to_items")
_TIERS = ("joined", "left", "upgraded", "downgraded", "prolonged")
_ORDERS = ("paid", "created", "canceled", "updated")
# What may follow each name, by what it is about.
_NAMES: dict[str, dict[str, tuple[str, ...]]] = {
    "campaign": {
        "discount_coupons": _DISCOUNTS,
        "referral_program": _DISCOUNTS,
        "promotion": _DISCOUNTS,
        "gift_vouchers": _GIFTS,
        "loyalty_program": ("",),
    },
    "voucher": {"discount_voucher": _DISCOUNTS, "gift_voucher": _GIFTS, "loyalty_card": ("",)},
    "earning_rule": {
        "order": (".paid",),
        "custom_event": ("",),
        "customer": (".segment.entered", *(f".tier.{change}" for change in _TIERS)),
    },
    "distribution": {"custom_event": ("",), "order": tuple(f".{change}" for change in _ORDERS)},
    "reward_assignment": {"pay_with_points": ("",)},
}

CONTEXT_TYPES = frozenset(
    {
        "global",
        *(
            f"{what}.{name}{ending}"
            for what, names in _NAMES.items()
            for name, endings in names.items()
            for ending in endings
        ),
    }
)
