"""The worked examples of the published documentation: amounts in cents."""

from campaigns.engine.facts import Line, Order, Product, Sku
from campaigns.engine.redeemable import Pick
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
    units,
    voucher,
)

CART = cart(("mug", 2, 1000), ("poster", 3, 1500), ("t-shirt", 3, 2000), ("bottle", 2, 2500))
THREE = (product("mug"), product("poster"), product("t-shirt"))


def on_three(discount: dict) -> tuple:
    return (voucher("THREE", discount, applicable_to=THREE),)


PROPORTIONALLY = "APPLY_TO_ITEMS_PROPORTIONALLY"
CLOTHES = Order(
    lines=tuple(
        line(name, quantity, price, collection_ids=frozenset({"pc_all"}))
        for name, quantity, price in (
            ("t-shirt", 3, 2000),
            ("poster", 5, 1500),
            ("mug", 2, 1000),
            ("socks", 4, 500),
        )
    )
)
EVERY_OTHER = {"effect": Pick.FROM_MOST_EXPENSIVE, "skip_initially": 1, "repeat": 2}
SHIRT = Product("prod_shirt", price=2900)
JACKET = Product("prod_jacket", price=29900)
RED_JACKET = Sku("sku_red_jacket", product=JACKET)


CASES = {
    # The worked table: one row per configuration.
    "ten dollars per line": Case(
        on_three(amount_off(1000, "APPLY_TO_ITEMS")), CART, 14500, lines=(1000, 1000, 1000, 0)
    ),
    "ten dollars per unit": Case(
        on_three(amount_off(1000, "APPLY_TO_ITEMS_BY_QUANTITY")),
        CART,
        9500,
        lines=(2000, 3000, 3000, 0),
    ),
    "ten dollars proportionally by amount": Case(
        on_three(amount_off(1000, PROPORTIONALLY)), CART, 16500, lines=(160, 360, 480, 0)
    ),
    "ten dollars proportionally by quantity": Case(
        on_three(amount_off(1000, f"{PROPORTIONALLY}_BY_QUANTITY")),
        CART,
        16500,
        lines=(250, 375, 375, 0),
    ),
    "ten percent": Case(
        on_three(percent_off(10, "APPLY_TO_ITEMS")), CART, 16250, lines=(200, 450, 600, 0)
    ),
    "new price of ten dollars": Case(
        on_three(fixed(1000, "APPLY_TO_ITEMS")), CART, 13000, lines=(0, 1500, 3000, 0)
    ),
    # Skip and repeat, from the most expensive on.
    "every other line from the second": Case(
        (
            voucher(
                "LINES",
                amount_off(500, "APPLY_TO_ITEMS"),
                applicable_to=(collection("all", **EVERY_OTHER),),
            ),
        ),
        CLOTHES,
        17500 - 1000,
        lines=(0, 500, 0, 500),
    ),
    "every other unit from the second": Case(
        (
            voucher(
                "UNITS",
                amount_off(500, "APPLY_TO_ITEMS"),
                applicable_to=(collection("all", **EVERY_OTHER, target=UNIT),),
            ),
        ),
        CLOTHES,
        17500 - 3500,
        lines=(500, 1500, 500, 1000),
    ),
    # One after the other.
    "one dollar, then forty percent of nine": Case(
        (
            voucher("FIRST", amount_off(100)),
            voucher("SECOND", percent_off(40)),
        ),
        Order(amount=1000),
        540,
        discount=460,
    ),
    "a voucher of ten dollars on an order of eight": Case(
        (voucher("CAPPED", amount_off(1000)),), Order(amount=800), 0, discount=800
    ),
    "three dollars over two lines": Case(
        (voucher("SPLIT", amount_off(300, PROPORTIONALLY)),),
        cart(("a", 1, 3300), ("b", 1, 3400)),
        6400,
        lines=(148, 152),
    ),
    "one hundred percent": Case(
        (voucher("ALL", percent_off(100)),), Order(amount=10000), 0, discount=10000
    ),
    "twenty percent of 1,999": Case(
        (voucher("TWENTY", percent_off(20)),), Order(amount=199900), 159920, discount=39980
    ),
    # Free units raise the amount.
    "a free unit on top": Case(
        (voucher("FREE", units(1, "prod_shirt", "ADD_NEW_ITEMS")),),
        cart(("shirt", 1, 2900)),
        2900,
        lines=(2900,),
        amount=5800,
        catalog={"prod_shirt": SHIRT},
    ),
    "a free item that was missing": Case(
        (voucher("FREE", units(1, "prod_pin")),),
        cart(("shirt", 2, 3000)),
        6000,
        lines=(0, 3100),
        amount=9100,
        catalog={"prod_pin": Product("prod_pin", price=3100)},
    ),
    "an item that is there is made free": Case(
        (voucher("FREE", units(1, "prod_shirt")),),
        cart(("shirt", 1, 2900), ("hat", 1, 3100)),
        3100,
        lines=(2900, 0),
        amount=6000,
        catalog={"prod_shirt": SHIRT},
    ),
    "twenty-two new ones beside the one": Case(
        (voucher("MANY", units(22, "prod_sticker", "ADD_NEW_ITEMS")),),
        cart(("sticker", 1, 1700)),
        1700,
        lines=(37400,),
        amount=39100,
        catalog={"prod_sticker": Product("prod_sticker", price=1700)},
    ),
    "two hundred and twenty-two, one of them there": Case(
        (voucher("MANY", units(222, "prod_badge")),),
        cart(("badge", 1, 1500)),
        0,
        lines=(333000,),
        amount=333000,
        catalog={"prod_badge": Product("prod_badge", price=1500)},
    ),
    "a SKU costs what its product costs": Case(
        (voucher("JACKETS", units(3, "sku_red_jacket")),),
        Order(lines=(Line(product_id="prod_hat", price=100),)),
        100,
        lines=(0, 89700),
        amount=89800,
        catalog={"sku_red_jacket": RED_JACKET},
    ),
    "free shipping has no price": Case(
        (voucher("SHIP", units(1, "prod_5h1pp1ng")),),
        cart(("hat", 1, 100)),
        100,
        lines=(0, 0),
        amount=100,
    ),
}
