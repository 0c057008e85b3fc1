"""What each effect does at its edges."""

from campaigns.engine.context import CalculationMode, ProductsMode, StackingRules
from campaigns.engine.facts import Line, Order, Product
from tests.campaigns.engine.build import (
    Case,
    amount_off,
    cart,
    fixed,
    in_category,
    line,
    percent_off,
    product,
    units,
    voucher,
)

ITEMS = "APPLY_TO_ITEMS"
ORDER = "APPLY_TO_ORDER"
TWO = cart(("tea", 2, 1000), ("cup", 1, 500))
INITIAL = StackingRules(discount_calculation_mode=CalculationMode.INITIAL_AMOUNT)
ONCE = StackingRules(redeemables_products_application_mode=ProductsMode.ONCE)
PIN = {"prod_pin": Product("prod_pin", price=300)}
MANY = {
    "type": "UNIT",
    "effect": "ADD_MANY_ITEMS",
    "units": [
        {"unit_off": 1, "unit_type": "prod_tea", "effect": "ADD_MISSING_ITEMS"},
        {"unit_off": 2, "unit_type": "prod_pin", "effect": "ADD_NEW_ITEMS"},
        {"unit_off": 2, "unit_type": "prod_tea", "effect": "ADD_MISSING_ITEMS"},
    ],
}


CASES = {
    "an amount off the order leaves lines alone": Case(
        (voucher("A", amount_off(700)),), TWO, 1800, discount=700, lines=(0, 0)
    ),
    "an amount never exceeds a line": Case(
        (voucher("A", amount_off(700, ITEMS)),), TWO, 1300, lines=(700, 500)
    ),
    "an amount per unit never exceeds a line": Case(
        (voucher("A", amount_off(700, f"{ITEMS}_BY_QUANTITY")),), TWO, 600, lines=(1400, 500)
    ),
    "a split never exceeds a line, and does not move the rest": Case(
        (voucher("A", amount_off(2400, f"{ITEMS}_PROPORTIONALLY_BY_QUANTITY")),),
        TWO,
        2500 - 1600 - 500,
        lines=(1600, 500),
    ),
    "a split of more than everything is everything": Case(
        (voucher("A", amount_off(9999, f"{ITEMS}_PROPORTIONALLY")),), TWO, 0, lines=(2000, 500)
    ),
    "a capped sum is cut from the first line on": Case(
        (voucher("A", amount_off(400, ITEMS, aggregated_amount_limit=600)),),
        TWO,
        1900,
        lines=(400, 200),
    ),
    "rules that choose items make an amount apply to them": Case(
        (voucher("A", amount_off(100), applicable_to=(product("cup"),)),),
        TWO,
        2400,
        lines=(0, 100),
    ),
    "rules that choose items make a percentage apply to them": Case(
        (voucher("P", percent_off(10), inapplicable_to=(product("cup"),)),),
        TWO,
        2300,
        lines=(200, 0),
    ),
    "a percentage rounds half up": Case(
        (voucher("P", percent_off(12.5)),), Order(amount=100), 87, discount=13
    ),
    "a percentage rounds each line": Case(
        (voucher("P", percent_off(50, ITEMS)),),
        cart(("a", 1, 1), ("b", 1, 1), ("c", 1, 2)),
        1,
        lines=(1, 1, 1),
    ),
    "a percentage with a limit": Case(
        (voucher("P", percent_off(50, amount_limit=600)),), TWO, 1900, discount=600
    ),
    "the lower of two limits wins": Case(
        (voucher("P", percent_off(50, ITEMS, amount_limit=900, aggregated_amount_limit=1100)),),
        TWO,
        1600,
        lines=(900, 0),
    ),
    "a percentage of what is left": Case(
        (voucher("P", percent_off(50)), voucher("Q", percent_off(50))),
        TWO,
        625,
        discount=1875,
    ),
    "a percentage of the initial amount": Case(
        (voucher("P", percent_off(40)), voucher("Q", percent_off(40))),
        TWO,
        500,
        discount=2000,
        stacking=INITIAL,
    ),
    "percentages of the initial amount never exceed what is left": Case(
        (voucher("P", percent_off(60)), voucher("Q", percent_off(60))),
        TWO,
        0,
        discount=2500,
        stacking=INITIAL,
    ),
    "a percentage of the initial price of lines": Case(
        (voucher("P", percent_off(40, ITEMS)), voucher("Q", percent_off(40, ITEMS))),
        TWO,
        500,
        lines=(1600, 400),
        stacking=INITIAL,
    ),
    "a category can have its own base": Case(
        (
            voucher("P", percent_off(50), categories=in_category("own")),
            voucher("Q", percent_off(50)),
        ),
        TWO,
        0,
        discount=2500,
        stacking=StackingRules(
            discount_calculation_mode=CalculationMode.INITIAL_AMOUNT,
            discounted_amount_mode_categories=frozenset({"cat_own"}),
        ),
    ),
    "a fixed total": Case((voucher("F", fixed(2000)),), TWO, 2000, discount=500),
    "a fixed total never raises the total": Case((voucher("F", fixed(9000)),), TWO, 2500),
    "a fixed price never raises a price": Case(
        (voucher("F", fixed(600, ITEMS)),), TWO, 1700, lines=(800, 0)
    ),
    "an entry has a price of its own": Case(
        (
            voucher(
                "F",
                fixed(600, ITEMS),
                applicable_to=(product("tea", price=900), product("cup", price=100)),
            ),
        ),
        TWO,
        1900,
        lines=(200, 400),
    ),
    "many units, each in its own way": Case(
        (voucher("U", MANY),),
        TWO,
        500,
        lines=(3000, 0, 600),
        amount=4100,
        catalog=PIN | {"prod_tea": Product("prod_tea", price=1000)},
    ),
    "a free unit is not discounted again": Case(
        (
            voucher("U", units(1, "prod_tea")),
            voucher("A", amount_off(300, f"{ITEMS}_BY_QUANTITY")),
        ),
        TWO,
        900,
        lines=(1300, 300),
    ),
    "a unit costs what an earlier discount left": Case(
        (voucher("P", percent_off(10, ITEMS)), voucher("U", units(1, "prod_tea"))),
        TWO,
        2250 - 900,
        lines=(1100, 50),
    ),
    "once: the second discount finds only fresh lines": Case(
        (
            voucher("P", percent_off(10, ITEMS), applicable_to=(product("tea"),)),
            voucher("Q", percent_off(10, ITEMS)),
        ),
        TWO,
        2250,
        lines=(200, 50),
        stacking=ONCE,
    ),
    "once: a discounted unit is there, but not made free": Case(
        (voucher("P", percent_off(10, ITEMS)), voucher("U", units(1, "prod_tea"))),
        TWO,
        2250,
        lines=(200, 50),
        stacking=ONCE,
    ),
    "an order-level discount leaves less than the lines cost": Case(
        (voucher("A", amount_off(2000)), voucher("P", percent_off(50, ITEMS))),
        TWO,
        0,
        discount=2000,
        lines=(400, 100),
    ),
    "an order amount of its own caps what lines get": Case(
        (voucher("P", percent_off(50, ITEMS)),),
        Order(lines=TWO.lines, amount=1000),
        0,
        lines=(800, 200),
    ),
    "earlier discounts of the order stay": Case(
        (voucher("P", percent_off(10)),),
        Order(lines=(line("tea", 2, 1000, discount_amount=500),), discount_amount=500),
        900,
        discount=600,
        lines=(500,),
    ),
    "earlier discounts shrink with the order": Case(
        (voucher("P", percent_off(10)),),
        Order(lines=(line("tea", 1, 300, discount_amount=500),), discount_amount=500),
        0,
        lines=(300,),
    ),
    "a line without a price takes the catalog's": Case(
        (voucher("P", percent_off(10, ITEMS)),),
        Order(lines=(Line(product_id="prod_pin", quantity=2, product=PIN["prod_pin"]),)),
        540,
        lines=(60,),
    ),
    "a line without any price has no amount and no discount": Case(
        (voucher("P", percent_off(10, ITEMS)),),
        cart(("gift", 1, None), ("cup", 1, 500)),
        450,
        lines=(0, 50),
    ),
    "items wanted, but the order has none": Case(
        (voucher("P", percent_off(10, ITEMS)),), Order(amount=1000), 1000
    ),
}
