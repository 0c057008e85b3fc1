"""How fast codes are generated, validated and redeemed over HTTP, by several clients at once.

The clients run on the same cores, so look at the ratios: to reading a code, the cheapest call of
the same run, and of the one code that all buy to codes that one buys each.
"""

import os
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor

CODES = int(os.environ.get("BENCH_CODES", "2000"))
CLIENTS = int(os.environ.get("BENCH_CLIENTS", "8"))
ORDER = {"amount": 10_000}


def campaign(name, count, quantity):
    return {
        "name": name,
        "campaign_type": "DISCOUNT_COUPONS",
        "type": "STATIC",
        "vouchers_count": count,
        "voucher": {
            "type": "DISCOUNT_VOUCHER",
            "discount": {"type": "AMOUNT", "amount_off": 500},
            "redemption": {"quantity": quantity},
            "code_config": {"length": 12},
        },
    }


def generate(shop, name, count, quantity):
    """Make a campaign and wait for its codes; the codes and the seconds that it took."""
    began = time.perf_counter()
    made = shop.call("POST", "/v1/campaigns", campaign(name, count, quantity))
    while shop.call("GET", f"/v1/campaigns/{made['id']}")["vouchers_generation_status"] != "DONE":
        if time.perf_counter() - began > 300:
            sys.exit(f"{name}: the codes were not generated within 300 s")
        time.sleep(0.1)
    took = time.perf_counter() - began
    codes = []
    for page in range(1, (count + 99) // 100 + 1):
        listed = shop.call(
            "GET", f"/v1/vouchers?campaign_id={made['id']}&limit=100&page={page}&order=code"
        )
        codes += [voucher["code"] for voucher in listed["vouchers"]]
    return codes, took


def load(shops, call, codes):
    """One call per code, spread over the shops; figures in calls per second and milliseconds."""

    def work(shop, mine):
        # The server closes lines that were idle; the next request opens a new one.
        shop.line.close()
        times = []
        for code in mine:
            began = time.perf_counter()
            call(shop, code)
            times.append((time.perf_counter() - began) * 1000)
        return times

    began = time.perf_counter()
    with ThreadPoolExecutor(len(shops)) as pool:
        parts = [codes[number :: len(shops)] for number in range(len(shops))]
        times = sorted(time for part in pool.map(work, shops, parts) for time in part)
    took = time.perf_counter() - began
    return {
        "calls": len(times),
        "per_second": round(len(times) / took, 1),
        "p50_ms": round(statistics.median(times), 1),
        "p95_ms": round(times[int(len(times) * 0.95)], 1),
    }


def read(shop, code):
    shop.call("GET", f"/v1/vouchers/{code}")


def validate(shop, code):
    shop.call("POST", "/v1/validations", cart(code))


def redeem(shop, code):
    shop.call("POST", "/v1/redemptions", cart(code))


def cart(code):
    return {"redeemables": [{"object": "voucher", "id": code}], "order": ORDER}


def measure(shops):
    codes, took = generate(shops[0], "Distinct", CODES, 1)
    (hot,), _ = generate(shops[0], "Hot", 1, None)
    load(shops, validate, codes[: CLIENTS * 10])
    found = {
        "read a code": load(shops, read, codes),
        "validate, distinct codes": load(shops, validate, codes),
        "redeem, distinct codes": load(shops, redeem, codes),
        "redeem, one unlimited code": load(shops, redeem, [hot] * CODES),
    }
    fastest = found["read a code"]["per_second"]
    for figures in found.values():
        figures["to_reading"] = round(figures["per_second"] / fastest, 2)
    distinct, shared = (
        found[f"redeem, {kind}"] for kind in ("distinct codes", "one unlimited code")
    )
    shared["to_distinct"] = round(shared["per_second"] / distinct["per_second"], 2)
    found["generate codes"] = {"calls": CODES, "per_second": round(CODES / took, 1)}
    return found
