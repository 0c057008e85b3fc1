"""Any rule that the API accepted opens in the builder and is stored again as it was."""

import json

import pytest

from campaigns.admin.builder import bundles, closing, opening, products
from campaigns.admin.builder.drafts import Problems
from campaigns.engine import rules
from tests.campaigns.engine.build import asks

AMOUNT = asks("order.amount", "$more_than_or_equal", 10_000)
VIP = asks("customer.segment", "$is", "seg_vip", message="Only for VIP customers.")
MONDAY = asks("wafa.time", "$dow", 1)
TEA = {"object": "product", "id": "prod_tea", "source_id": "tea", "effect": "APPLY_TO_EVERY"}


def numbered(*conditions, logic=None):
    found = {str(n): each for n, each in enumerate(conditions, start=1)}
    return found if logic is None else {**found, "logic": logic}


DOCUMENTS = {
    "nothing": {},
    "one": numbered(AMOUNT),
    "with members that are null or empty": {
        "1": {**AMOUNT, "property": None, "rules": {}, "error": None}, "logic": "1"},
    "brackets": numbered(AMOUNT, VIP, MONDAY, logic="(1 and 2) or 3"),
    "odd spaces and capitals": numbered(AMOUNT, VIP, logic=" ( 1 AND  not 2 )"),
    "not of a group": numbered(AMOUNT, VIP, MONDAY, logic="not (1 or 2) and 3"),
    "not all of it": numbered(AMOUNT, VIP, logic="not (1 and 2)"),
    "not not": numbered(AMOUNT, logic="not not 1"),
    "needless brackets": numbered(AMOUNT, VIP, MONDAY, logic="((1) and (2 and 3))"),
    "a number twice": numbered(AMOUNT, VIP, MONDAY, logic="(1 and 2) or (1 and 3)"),
    "a number that is not named": numbered(AMOUNT, VIP, MONDAY, logic="1 or 2"),
    "numbers with gaps": {"7": AMOUNT, "3": VIP, "007": MONDAY, "logic": "7 and 3 or 007"},
    "items with inner rules": numbered({
        **asks("order.items.any", "$is", TEA),
        "rules": numbered(
            asks("order.items.aggregated_quantity", "$more_than_or_equal", 10),
            asks("product.metadata", "$is", "green", property="colour"),
            logic="1 or 2"),
    }),
    "items without products": numbered(
        {"name": "order.items.every",
         "rules": numbered(asks("order.items.price", "$less_than", 5000))}),
    "three levels": numbered({**AMOUNT, "rules": numbered({**VIP, "rules": numbered(MONDAY)})}),
    "several operators in one": numbered(
        {"name": "order.amount", "conditions": {"$more_than": [100], "$less_than": [200]}}),
    "an odd time": numbered(
        asks("wafa.time", "$timeframe", "2024-11-12T14:59:23.019Z;P1D;PT1H")),
    "several hours": numbered(
        asks("wafa.time", "$timeframe_daily_hours", "18:00;20:01;2,3", "08:00;09:00;1")),
    "a day beside a moment": numbered(asks("wafa.time", "$after", "2026-03-01")),
    "an instant with its parts of a second": numbered(
        asks("wafa.time", "$after", "2026-03-01T10:00:00.123Z")),
    "a profile's instant": numbered(
        asks("wafa.customer.attribute", "$before", "2026-03-01T10:00:00Z", property="created_at")),
    "metadata of each kind": numbered(*(
        asks("customer.metadata", "$is", value, property="a.b")
        for value in ("gold", 5, 5.5, True, False, "2026-03-01"))),
    "synonyms": numbered(
        asks("order.amount", "$greater_than_or_equal", 5),
        asks("customer.segment", "$in", "seg_a", "seg_b"),
        asks("order.metadata", "$not_differ", "a", "b", property="tags")),
    "a window in several units": numbered(
        asks("wafa.customer.orders", "$is", 0, property="P1Y6M")),
    "windows": numbered(*(
        asks("wafa.customer.redemptions", "$is", 0, property=window)
        for window in ("", "P6M", "PT12H", "last_month", "P30D;camp_1", ";camp_1"))),
    "goods of the past": numbered(
        asks("wafa.customer.orders_with", "$more_than", 0, property="P6M;pc_teas"),
        asks("wafa.customer.orders_with", "$is", 0, property=";prod_1")),
    "counters of periods": numbered(
        asks("redemption.count.per_customer.daily", "$less_than_or_equal", 1),
        asks("campaign.redemptions.count", "$less_than_or_equal", 500)),
    "older names": numbered(
        asks("product.id", "$is", "prod_1", "prod_2",
             rules=numbered({"name": "product.discount_applicable",
                             "conditions": {"$is": [True]}})),
        asks("product.quantity", "$more_than", 1)),
    "amounts written as decimals": numbered(asks("order.amount", "$more_than", 100.5)),
    "known or not": numbered(
        {"name": "order.metadata", "property": "a", "conditions": {"$has_value": []}},
        asks("order.metadata", "$is_unknown", True, property="a"),
        asks("order.metadata", "$has_value", False, property="a")),
    "brackets without end": numbered(AMOUNT, VIP, logic="(" * 9 + "1 or 2" + ")" * 9),
    "not without end": numbered(AMOUNT, logic="not " * 12 + "1"),
}  # fmt: skip


def sent(draft):
    """What the page gets and sends again."""
    return json.loads(json.dumps(draft))


def stored(document):
    problems = Problems()
    found = closing.level(sent(opening.level(document)), problems)
    assert problems.found == []
    return found


def changed(document, change):
    """The document after somebody changed its draft."""
    draft = sent(opening.level(document))
    change(draft)
    problems = Problems()
    return closing.level(draft, problems), problems


@pytest.mark.parametrize("name", DOCUMENTS)
def test_is_stored_as_it_was(in_project, name):
    document = DOCUMENTS[name]
    rules.read({"rules": document}, rule_id="val_1")

    assert stored(document) == document


@pytest.mark.parametrize("name", ["several operators in one", "an odd time", "several hours"])
def test_keeps_what_no_row_can_show_beside_what_is_changed(in_project, name):
    document = {**DOCUMENTS[name], "2": AMOUNT}

    def dearer(draft):
        draft["parts"][1]["values"] = ["150.00"]

    found, _ = changed(document, dearer)

    assert found["1"] == DOCUMENTS[name]["1"]
    assert found["2"]["conditions"] == {"$more_than_or_equal": [15_000]}


def test_changes_the_value_of_a_row_and_nothing_else(in_project):
    document = numbered({**AMOUNT, "property": None, "note": "ours"}, VIP, MONDAY, logic="(1 or 2)")

    def dearer(draft):
        draft["parts"][0]["values"] = ["۲۰۰٫۵"]

    found, problems = changed(document, dearer)

    assert problems.found == []
    assert found == {
        **document,
        "1": {**document["1"], "conditions": {"$more_than_or_equal": [20_050]}},
    }


def test_writes_the_logic_of_moved_rows(in_project):
    document = numbered(AMOUNT, VIP, MONDAY, logic="(1 and 2) or 3")

    def move(draft):
        first = draft["parts"][0]
        draft["parts"][1]["not"] = True
        first["parts"].append(draft["parts"].pop())
        first["join"] = "or"

    found, _ = changed(document, move)

    assert found["logic"] == "1 or 2 or not 3"
    assert {number: found[number] for number in "123"} == {"1": AMOUNT, "2": VIP, "3": MONDAY}


def test_gives_a_new_row_a_number_of_its_own(in_project):
    document = numbered(AMOUNT, VIP, logic="1 and 2")

    def add(draft):
        draft["parts"].insert(0, {"fact": "wafa.time", "operator": "$dow", "values": ["1"]})

    found, _ = changed(document, add)

    assert found == {**document, "3": MONDAY, "logic": "3 and 1 and 2"}


def test_splits_a_row_that_stands_twice_when_one_of_them_is_changed(in_project):
    document = DOCUMENTS["a number twice"]

    def dearer(draft):
        draft["parts"][1]["parts"][0]["values"] = ["1"]

    found, _ = changed(document, dearer)

    assert found["logic"] == "(1 and 2) or (4 and 3)"
    assert (found["1"], found["4"]["conditions"]) == (AMOUNT, {"$more_than_or_equal": [100]})


def test_a_row_that_asks_about_something_else_forgets_what_it_was(in_project):
    document = numbered({**VIP, "note": "ours"}, logic="1")

    def ask(draft):
        draft["parts"][0].update(fact="wafa.time", operator="$dow", values=["1"], kind="moment")

    found, _ = changed(document, ask)

    assert found == {"1": {**MONDAY, "error": VIP["error"]}, "logic": "1"}


def test_takes_messages_and_inner_rows_away(in_project):
    document = numbered(
        {**asks("order.items.any", "$is", TEA, message="Tea only."),
         "rules": numbered(asks("order.items.price", "$less_than", 1))}
    )  # fmt: skip

    def clear(draft):
        draft["parts"][0].update(message="", inner=None)

    found, _ = changed(document, clear)

    assert found == {"1": {**asks("order.items.any", "$is", TEA), "error": None, "rules": None}}


ENTRIES = [
    {"object": "product", "id": "prod_1", "source_id": "second_product"},
    {"object": "product", "id": "prod_2", "effect": "APPLY_TO_MOST_EXPENSIVE", "quantity_limit": 1},
    {"object": "products_collection", "id": "pc_1", "source_id": None, "quantity_limit": 5,
     "aggregated_quantity_limit": 9, "amount_limit": 500, "aggregated_amount_limit": 900,
     "price": 100, "price_formula": "ORDER_ITEM_PRICE * 0.5", "repeat": 3, "skip_initially": 2,
     "take": 2, "target": "UNIT", "strict": True},
    {"object": "sku", "id": "sku_1", "quantity_limit": 2.0, "hint": "ours"},
]  # fmt: skip


def test_entries_are_stored_as_they_were(in_project):
    document = {"included": ENTRIES, "excluded": ENTRIES[:1], "included_all": True}
    problems = Problems()

    assert products.closed(sent(products.opened(document)), problems) == document
    assert problems.found == []


def test_an_entry_changes_in_what_is_changed(in_project):
    draft = sent(products.opened({"included": ENTRIES}))
    draft["included"][2].update(repeat="", amount_limit="7.50", effect="APPLY_TO_CHEAPEST")
    draft["included"][0]["item"] = {"object": "product", "id": "prod_9"}

    found = products.closed(draft, Problems())["included"]

    assert found[2] == {**ENTRIES[2], "amount_limit": 750, "effect": "APPLY_TO_CHEAPEST"} | {
        "repeat": None
    }
    assert found[0] == {"object": "product", "id": "prod_9"}


BUNDLES = [
    {"1": {"name": "order.items.any", "conditions": {"$is": [{"object": "product", "id": "p"}]}}},
    {"1": {"name": "order.items.any",
           "conditions": {"$is": [{"id": "sku_1", "type": "sku", "object": "sku"}]},
           "rules": {"1": {"name": "order.items.aggregated_quantity", "conditions": {"$is": [2]}},
                     "logic": "1"}},
     "2": {"name": "order.items.any", "conditions": {"$is": [{"object": "product", "id": "p"}]}},
     "logic": "1 and 2", "limit": 5, "scale_discount": False},
    {"1": {"name": "order.items.any", "conditions": {"$is": [{"object": "product", "id": "p"}]}},
     "2": {"name": "order.items.any", "conditions": {"$is": [{"object": "product", "id": "q"}]}},
     "logic": "2 and 1"},
    {},
]  # fmt: skip


@pytest.mark.parametrize("document", BUNDLES)
def test_bundles_are_stored_as_they_were(in_project, document):
    assert (bundles.closed(sent(bundles.opened(document)), Problems()) or {}) == document


def test_a_bundle_that_is_changed_is_written_anew(in_project):
    draft = sent(bundles.opened(BUNDLES[1]))
    draft["components"].pop()
    draft.update(limit="9", scales=True)

    assert bundles.closed(draft, Problems()) == {
        "1": {"name": "order.items.any", "conditions": {"$is": [{"object": "sku", "id": "sku_1"}]},
              "rules": {"1": {"name": "order.items.aggregated_quantity",
                              "conditions": {"$is": [2]}}, "logic": "1"}},
        "logic": "1", "limit": 9,
    }  # fmt: skip
