"""A shop that has grown: lists, search, validation and redemption among millions of rows.

1,000,000 customers and codes, 5,000,000 orders and redemptions, which takes 12 GB while it runs;
`BENCH_GROWN=100000` makes a tenth of it.
"""

import os
import shutil

from tests.benchmarks import timing
from tests.benchmarks.scale import prepare, step
from tests.benchmarks.shop import shop_of

PEOPLE = int(os.environ.get("BENCH_GROWN", "1000000"))
PER_PERSON = 5
BYTES_OF_A_PERSON = 12_000
CALLS = 100
LISTS = {
    "customers": "/v1/customers?limit=100",
    "codes": "/v1/vouchers?limit=100",
    "orders": "/v1/orders?limit=100",
    "redemptions": "/v1/redemptions?limit=100",
}


def measure(installation):
    """Milliseconds by the clock, one client, of pages and calls; of searches in the database."""
    free = shutil.disk_usage(installation.data_dir.parent).free
    assert free > 2 * PEOPLE * BYTES_OF_A_PERSON, f"{free:,} bytes are too few"
    prepare(installation)
    found = {
        f"{PEOPLE:,} customers, {PEOPLE * PER_PERSON:,} redemptions": _inside(
            installation, f"fill('bench', {PEOPLE}, {PER_PERSON})"
        ),
        **_inside(installation, "pages('bench')"),
        "find a code, in the database": step(installation, "search_codes('bench')"),
    }
    installation.start()
    shop = shop_of(installation, "bench")
    for name, path in LISTS.items():
        found[f"GET {name}"] = _timed(lambda _n, path=path: shop.call("GET", path))
    found["GET one customer"] = _timed(lambda n: shop.call("GET", f"/v1/customers/c{n * 977}"))
    found["validate a code"] = _timed(lambda n: shop.call("POST", "/v1/validations", _cart(n)))
    found["redeem a code"] = _timed(lambda n: shop.call("POST", "/v1/redemptions", _cart(n)))
    installation.process.terminate()
    installation.process.wait(60)
    return found


def _timed(call):
    for n in range(10):
        call(n)
    calls = iter(range(10, 10 + CALLS))
    return timing.spread(timing.waited(lambda: call(next(calls)), CALLS))


def _cart(n):
    """Some customer with the code of another."""
    return {
        "redeemables": [{"object": "voucher", "id": f"GROWN-{n * 131 + 7}"}],
        "customer": {"source_id": f"c{n * 977}"},
        "order": {"amount": 5000},
    }


def _inside(installation, call):
    return step(installation, call, module="grown_inside")
