"""The same order with the same voucher in django-oscar, with more and more offers that are on.

Oscar is called from Python; ours over HTTP with key, validation of everything that is on and
redemption, so that the comparison is not in our favour. Both use the same PostgreSQL.
"""

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

from loyalty_project.core import embedded
from tests.benchmarks import serving, timing

RELEASE = ("django-oscar==4.2.1", "sorl-thumbnail", "psycopg[binary]")
STEPS = (1, 10, 100)
ORDERS = int(os.environ.get("BENCH_ORDERS", "20"))
LINES, QUANTITY, PRICE = 5, 2, 2_500
SITE = Path(__file__).with_name("oscar_site.py")


def measure(installation, shop):
    """Milliseconds per order; `of_oscar` is our part of theirs."""
    database = serving.Database(installation)
    database.line.execute(f"CREATE DATABASE oscar OWNER {embedded.ROLE}")
    python, body, found, made = _environment(), _cart(shop), {}, 0
    for count in STEPS:
        code = f"from tests.benchmarks import data; data.promotions('bench', {count - made}, 0)"
        done = installation.run("shell", "-c", code)
        assert not done.returncode, done.stderr
        made = count
        ours = _ours(serving.ours(installation, database), shop, body)
        theirs = _theirs(python, database.directory, count)
        part = {f"{name}_of_oscar": round(ours[f"{name}_ms"] / theirs[f"{name}_ms"], 3)
                for name in ("cpu", "p50")}  # fmt: skip
        found[f"order with voucher, {count} offers"] = {**part, **ours}
        found[f"  django-oscar, {count} offers"] = theirs
    return {**found, "  PostgreSQL": {**database.settings(), **serving.machine()}}


def _environment():
    """A virtual environment with Oscar, made once and kept among the caches of the account."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    directory = base / "wafa-benchmarks" / RELEASE[0]
    python, stamp = directory / "bin" / "python", directory / "installed"
    if not stamp.exists():
        venv.create(directory, clear=True, with_pip=True)
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *RELEASE], check=True, stdout=sys.stderr)
        stamp.touch()
    return python


def _theirs(python, directory, offers):
    done = subprocess.run(
        [python, "-W", "ignore", SITE, directory, "oscar", str(offers), str(ORDERS)],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
    assert not done.returncode, done.stderr
    return json.loads(done.stdout.strip().rsplit("\n", 1)[-1])


def _cart(shop):
    """Five goods of the catalog, and a voucher of 10 % from 50.00 on."""
    for number in range(LINES):
        goods = {"source_id": f"p{number}", "name": f"Product {number}", "price": PRICE}
        shop.call("POST", "/v1/products", goods)
    floor = {"name": "order.amount", "conditions": {"$more_than_or_equal": [5000]}}
    rule = shop.call("POST", "/v1/validation-rules", {"name": "Floor", "rules": {"1": floor}})
    shop.call("POST", "/v1/vouchers/TEN", {
        "type": "DISCOUNT_VOUCHER",
        "discount": {"type": "PERCENT", "percent_off": 10},
        "validation_rules": [rule["id"]],
    })  # fmt: skip
    item = {"quantity": QUANTITY, "related_object": "product"}
    items = [{**item, "source_id": f"p{number}"} for number in range(LINES)]
    return {
        "redeemables": [{"object": "voucher", "id": "TEN"}],
        "customer": {"source_id": "ada"},
        "order": {"items": items},
    }


def _ours(server, shop, body):
    asked = {"customer": body["customer"], "order": body["order"], "auto": True}

    def order():
        shop.call("POST", "/v1/validations", asked)
        done = shop.call("POST", "/v1/redemptions", body)
        assert done["order"]["total_discount_amount"] == LINES * QUANTITY * PRICE // 10

    for _ in range(12):
        shop.line.close()  # so that each process of the server reads what it keeps
        order()
    with server.counted() as spent:
        waits = timing.waited(order, ORDERS)
    each = {name: seconds / ORDERS * 1000 for name, seconds in spent.items()}
    return {
        "cpu_ms": round(sum(each.values()), 1),
        "python_ms": round(each["web_s"], 1),
        "postgres_ms": round(each["postgres_s"], 1),
        "p50_ms": timing.spread(waits)["p50_ms"],
    }
