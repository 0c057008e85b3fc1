"""Validation and qualification over HTTP with few and many active campaigns."""

from tests.benchmarks import timing

CALLS = 60
STEPS = (1, 100, 1_000, 10_000)
MATCHING = 5
BEANS = {"product_id": "prod_beans", "quantity": 2, "price": 2500}
CART = {"customer": {"source_id": "ada"}, "order": {"items": [BEANS]}}


def measure(installation, shop):
    """Milliseconds by the clock; `to_one` is the ratio of medians to one active campaign."""
    shop.call("POST", "/v1/vouchers/WIRE", {
        "type": "DISCOUNT_VOUCHER", "discount": {"type": "AMOUNT", "amount_off": 500},
    })  # fmt: skip
    wanted = {"redeemables": [{"object": "voucher", "id": "WIRE"}], **CART}
    asked = {
        "validate": ("/v1/validations", wanted),
        "validate, auto": ("/v1/validations", {**CART, "auto": True}),
        "qualify": ("/v1/qualifications", CART),
    }
    found, made = {}, 0
    for count in STEPS:
        matching = 1 if made == 0 else MATCHING if count == STEPS[1] else 0
        _more(installation, count - made, matching)
        made = count
        for name, (path, body) in asked.items():
            _rest(shop, path, body)
            times = timing.waited(lambda path=path, body=body: shop.call("POST", path, body), CALLS)
            row = found[f"{name}, {count:,} active"] = timing.spread(times)
            first = found[f"{name}, 1 active"]["p50_ms"]
            row["to_one"] = round(row["p50_ms"] / first, 2)
    return found


def _more(installation, count, matching):
    code = f"from tests.benchmarks import data; data.promotions('bench', {count}, {matching})"
    done = installation.run("shell", "-c", code)
    assert not done.returncode, done.stderr


def _rest(shop, path, body):
    """Let every process of the server read what it keeps."""
    for _ in range(20):
        shop.line.close()
        shop.call("POST", path, body)
