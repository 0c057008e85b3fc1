"""One request with all there is to ask about, and what a rule answers on it."""

from datetime import UTC, date, datetime

from campaigns.engine.counters import Counter, Measure, Period, Scope
from campaigns.engine.facts import Caller, Customer, Line, Order, Product, Sku
from campaigns.engine.history import Measure as PastMeasure
from campaigns.engine.history import Past
from campaigns.engine.redeemable import Campaign
from tests.campaigns.engine.build import amount_off, asks, ruled, run, voucher

TEA = Product("prod_tea", source_id="tea-1", price=1000, metadata={"kind": "green", "grams": 100})
CUP = Product("prod_cup", price=400, metadata={"kind": "ware"})
LARGE = Sku("sku_large", product=CUP, source_id="cup-l", metadata={"size": "L"})
ORDER = Order(
    lines=(
        Line(
            product_id="prod_tea", product=TEA, quantity=3, price=1000, cost=600,
            collection_ids=frozenset({"pc_drinks"}), metadata={"gift": True, "weight": 2},
        ),
        Line(sku_id="sku_large", sku=LARGE, quantity=1, price=500, cost=100,
             metadata={"gift": True}),
    ),
    metadata={"place": "Santorini", "nested": {"a": 1}},
)  # fmt: skip
CUSTOMER = Customer(
    id="cust_1",
    metadata={"age": 30, "tags": ["x", "y"]},
    attributes={"city": "London", "birthday": date(1990, 6, 9), "created_at": "2020-06-11"},
    segments=frozenset({"seg_vip"}),
    loyalty_tiers=frozenset({"ltr_gold"}),
    orders_count=4,
    orders_amount=100_000,
    last_order_at=datetime(2025, 3, 1, tzinfo=UTC),
    last_order_amount=2500,
)
CAMPAIGN = Campaign("camp_1")
HOURS = "2025-06-11T10:00:00Z;2025-06-11T12:00:01Z"
PAST_FACTS = {
    Past(PastMeasure.REDEMPTIONS, "P6M"): 0,
    Past(PastMeasure.REDEMPTIONS, "P30D", only="camp_2"): 1,
    Past(PastMeasure.REDEMPTIONS, "P6M", but="camp_1"): 0,
    Past(PastMeasure.ORDERS_AMOUNT, "last_year"): 100_000,
    Past(PastMeasure.ORDERS_WITH, "P6M", only="pc_tea"): 2,
}


def counter(measure, scope, scope_id, period=Period.ALWAYS, begins=None, per=""):
    return Counter(Measure(measure), Scope(scope), scope_id, period, begins, per)


COUNTERS = {
    counter("redemptions", "campaign", "camp_1"): 9,
    counter("redemptions", "campaign", "camp_1", Period.DAY, date(2025, 6, 11)): 2,
    counter("redemptions", "campaign", "camp_1", Period.WEEK, date(2025, 6, 9)): 3,
    counter("redemptions", "campaign", "camp_1", Period.MONTH, date(2025, 6, 1)): 4,
    counter("redemptions", "campaign", "camp_1", Period.YEAR, date(2025, 1, 1)): 5,
    counter("customers", "campaign", "camp_1"): 7,
    counter("orders", "campaign", "camp_1"): 10_000,
    counter("discount", "campaign", "camp_1"): 900,
    counter("redemptions", "redeemable", "v_A"): 2,
    counter("redemptions", "redeemable", "v_A", per="customer:cust_1"): 1,
    counter("redemptions", "redeemable", "v_A", per="api_key:key_1"): 5,
    counter("redemptions", "redeemable", "v_A", per="user:Ann"): 6,
    counter("redemptions", "campaign", "camp_1", per="customer:cust_1"): 0,
}


IS, AT_LEAST, AT_MOST, MORE = "$is", "$more_than_or_equal", "$less_than_or_equal", "$more_than"
ITEM = {"id": "prod_tea", "object": "product"}
OTHER = {"id": "prod_pot", "object": "product"}
DRINKS = {"id": "pc_drinks", "object": "products_collection"}


def inner(name, operator, value, **more):
    return {"1": asks(name, operator, value, **more)}


def answer(*conditions, order=ORDER, customer=CUSTOMER, **more):
    redeemable = voucher(
        "A",
        amount_off(100),
        campaign=CAMPAIGN,
        holder_ids=frozenset({"cust_1"}),
        wanted={"gift_amount": 300, "points_used": 50},
    )
    return run(
        ruled(redeemable, *conditions, **more),
        order=order,
        customer=customer,
        metadata={"source": "web"},
        event={"lining": 2},
        caller=Caller(
            "key_1",
            "Ann",
            {"channel": "app", "placement": "category:tea", "store": "berlin", "system": "ios"},
        ),
        counters=COUNTERS,
        past=PAST_FACTS,
    )
