"""What applicable_to and inapplicable_to entries, and their caps, leave of a discount."""

from campaigns.engine.facts import Order
from campaigns.engine.redeemable import ApplicableTo, Pick
from tests.campaigns.engine.build import (
    UNIT,
    Case,
    amount_off,
    cart,
    collection,
    fixed,
    line,
    percent_off,
    product,
    voucher,
)

TWO = cart(("tea", 2, 1000), ("cup", 1, 500))


CASES = {
    "exclusion beats inclusion": Case(
        (
            voucher(
                "P",
                percent_off(10),
                applicable_to=(product("tea"), product("cup")),
                inapplicable_to=(product("tea"),),
            ),
        ),
        TWO,
        2450,
        lines=(0, 50),
    ),
    "all but": Case(
        (voucher("P", percent_off(10), included_all=True, inapplicable_to=(product("cup"),)),),
        TWO,
        2300,
        lines=(200, 0),
    ),
    "all, one of them capped": Case(
        (
            voucher(
                "P",
                percent_off(10),
                included_all=True,
                applicable_to=(product("tea", amount_limit=150),),
            ),
        ),
        TWO,
        2300,
        lines=(150, 50),
    ),
    "units of a line are limited": Case(
        (voucher("P", percent_off(10), applicable_to=(product("tea", quantity_limit=1),)),),
        TWO,
        2400,
        lines=(100, 0),
    ),
    "units over all lines are limited": Case(
        (
            voucher(
                "A",
                amount_off(100, "APPLY_TO_ITEMS_BY_QUANTITY"),
                applicable_to=(
                    collection("all", aggregated_quantity_limit=2, effect=Pick.FROM_CHEAPEST),
                ),
            ),
        ),
        Order(
            lines=tuple(
                line(name, 2, price, collection_ids=frozenset({"pc_all"}))
                for name, price in (("a", 900), ("b", 800))
            )
        ),
        3200,
        lines=(0, 200),
    ),
    "money over all lines of an entry is limited": Case(
        (
            voucher(
                "P",
                percent_off(10),
                applicable_to=(
                    product("tea", aggregated_amount_limit=120),
                    product("cup"),
                ),
            ),
        ),
        TWO,
        2330,
        lines=(120, 50),
    ),
    "the lowest cap of two entries wins": Case(
        (
            voucher(
                "P",
                percent_off(10),
                applicable_to=(
                    product("tea", amount_limit=150),
                    ApplicableTo("product", "prod_tea", quantity_limit=1),
                ),
            ),
        ),
        TWO,
        2400,
        lines=(100, 0),
    ),
    "the lowest price of two entries wins": Case(
        (
            voucher(
                "F",
                fixed(0, "APPLY_TO_ITEMS"),
                applicable_to=(product("tea", price=900), product("tea", price=800)),
            ),
        ),
        TWO,
        2100,
        lines=(400, 0),
    ),
    "only the cheapest line": Case(
        (
            voucher(
                "P",
                percent_off(100),
                applicable_to=(collection("all", effect=Pick.CHEAPEST),),
            ),
        ),
        Order(
            lines=tuple(
                line(name, quantity, price, collection_ids=frozenset({"pc_all"}))
                for name, quantity, price in (("a", 1, 900), ("b", 2, 500), ("c", 1, 500))
            )
        ),
        1900,
        lines=(0, 0, 500),
    ),
    "only the most expensive unit": Case(
        (
            voucher(
                "P",
                percent_off(100),
                applicable_to=(collection("all", effect=Pick.MOST_EXPENSIVE, target=UNIT),),
            ),
        ),
        Order(
            lines=tuple(
                line(name, quantity, price, collection_ids=frozenset({"pc_all"}))
                for name, quantity, price in (("a", 1, 500), ("b", 3, 900))
            )
        ),
        2300,
        lines=(0, 900),
    ),
}
