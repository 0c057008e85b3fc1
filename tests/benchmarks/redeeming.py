"""Redemptions over HTTP beside a bare view that sends the same SQL, and a hot code beside pgbench.

The campaign has a limit and so has its code, so that both rows are wanted by everybody.
"""

import json
import os
import statistics
import threading
import time
from collections import defaultdict

from tests.benchmarks import codes, pgbench, serving
from tests.benchmarks.recording import trips
from tests.benchmarks.shop import Shop

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
CALLS = int(os.environ.get("BENCH_CALLS", "400"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "10"))
CLIENTS = 16
UNLIMITED = 1_000_000_000
ORDER = {"amount": 10_000}


def body(code):
    return {"redeemables": [{"object": "voucher", "id": code}], "order": ORDER}


def limited(shop, code):
    """A code of a campaign, both with a limit that is never reached."""
    shop.line.close()
    made = shop.call("POST", "/v1/campaigns", {
        "name": code,
        "campaign_type": "DISCOUNT_COUPONS",
        "type": "STATIC",
        "limits": [{"measure": "redemptions", "value": UNLIMITED}],
        "voucher": {
            "type": "DISCOUNT_VOUCHER",
            "discount": {"type": "AMOUNT", "amount_off": 500},
            "redemption": {"quantity": UNLIMITED},
        },
    })  # fmt: skip
    shop.call("POST", f"/v1/campaigns/{made['id']}/vouchers/{code}", {})
    return code


def recorded(installation, shop, code):
    """The SQL of a redemption of this code, in a file."""
    file = installation.data_dir.parent / "redemption.json"
    headers = {name: text for name, text in shop.headers.items() if name.startswith("X-")}
    call = f"record({headers!r}, {body(code)!r}, {str(file)!r})"
    done = installation.run(
        "shell", "-c", f"from tests.benchmarks import recording; recording.{call}"
    )
    assert not done.returncode, done.stderr
    return file


def cost(installation, shop):
    """Milliseconds of the processor per redemption, web and database, to the bare view."""
    database = serving.Database(installation)
    code = limited(shop, "LIMITED")
    file = recorded(installation, shop, code)
    statements = json.loads(file.read_text())
    asked = {"queries": trips(statements), "statements": len(statements)}
    found = {"ours": [], "bare": []}
    with serving.bare(installation, database, file) as bare:
        servers = {"ours": serving.ours(installation, database), "bare": bare}
        for number in range(ROUNDS + 1):
            for name, server in servers.items():
                figures = _round(server, lines(server.port, shop, 4), code)
                if number:  # the first warms up
                    found[name].append(figures)
    ours, bare = (_median(found[name]) for name in ("ours", "bare"))
    rounds = zip(found["ours"], found["bare"], strict=True)
    ratios = sorted(mine["cpu_ms"] / theirs["cpu_ms"] for mine, theirs in rounds)
    ratio = {"to_bare": round(statistics.median(ratios), 2), "least": round(ratios[0], 2)}
    return {
        "redeem a limited code": {**ratio, "most": round(ratios[-1], 2), **ours, **asked},
        "  bare view, same SQL": bare,
        "  PostgreSQL": {**database.settings(), **serving.machine()},
    }


def hot(installation, shop):
    """One code of one limited campaign by 16 clients, to pgbench with the same writes.

    `whole transaction` is what ours sends from BEGIN to COMMIT, by pgbench: how long the rows are
    held, without Python. The bare view is how far Python gets at all.
    """
    database = serving.Database(installation)
    code = limited(shop, "HOT")
    file = recorded(installation, shop, code)
    apart = [limited(shop, f"COLD-{number}") for number in range(CLIENTS)]
    mine = lines(installation.port, shop, CLIENTS)
    options = {"clients": CLIENTS, "seconds": SECONDS}
    found = defaultdict(list)
    with serving.bare(installation, database, file) as bare:
        theirs = lines(bare.port, shop, CLIENTS)
        for each in (mine, theirs):
            _storm(each, [code] * CLIENTS, 2)
        for _ in range(max(2, ROUNDS // 2)):
            found["hot"].append(_storm(mine, [code] * CLIENTS, SECONDS))
            found["distinct"].append(_storm(mine, apart, SECONDS))
            found["bare"].append(_storm(theirs, [code] * CLIENTS, SECONDS))
            found["pgbench"].append(pgbench.run(database, file, **options))
            found["whole"].append(pgbench.run(database, file, whole=True, **options))
    rates = {name: round(statistics.median(each), 1) for name, each in found.items()}
    return {
        f"hot code, {CLIENTS} clients": {
            **_beside(rates, "hot"),
            "to_distinct": round(rates["hot"] / rates["distinct"], 2),
            "to_bare": round(rates["hot"] / rates["bare"], 2),
        },
        "  codes of 16 campaigns": _beside(rates, "distinct"),
        "  bare view": _beside(rates, "bare"),
        "  whole transaction, pgbench": _beside(rates, "whole"),
        "  the same writes, pgbench": _beside(rates, "pgbench"),
        "  PostgreSQL": {**database.settings(), **serving.machine()},
    }


def _beside(rates, name):
    return {"per_second": rates[name], "to_pgbench": round(rates[name] / rates["pgbench"], 2)}


def _round(server, clients, code):
    with server.counted() as spent:
        told = codes.load(clients, lambda line, _: line.call("POST", "/v1/redemptions", body(code)),
                          [code] * CALLS)  # fmt: skip
    each = {name: seconds / CALLS * 1000 for name, seconds in spent.items()}
    return {
        "cpu_ms": sum(each.values()),
        "web_ms": each["web_s"],
        "postgres_ms": each["postgres_s"],
        "p50_ms": told["p50_ms"],
    }


def _median(rounds):
    return {name: round(statistics.median(each[name] for each in rounds), 2) for name in rounds[0]}


def lines(port, shop, count):
    """So many clients with the key of `shop`, of the server that listens there."""
    key = {"app_id": shop.headers["X-App-Id"], "app_token": shop.headers["X-App-Token"]}
    return [Shop(port, key) for _ in range(count)]


def _storm(clients, names, seconds):
    """Redemptions per second of clients that ask as fast as they are answered."""
    counts, until = [0] * len(clients), time.monotonic() + seconds

    def work(number, line, name):
        line.line.close()
        while time.monotonic() < until:
            line.call("POST", "/v1/redemptions", body(name))
            counts[number] += 1

    began = time.monotonic()
    threads = [
        threading.Thread(target=work, args=(number, line, name))
        for number, (line, name) in enumerate(zip(clients, names, strict=True))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.monotonic() - began)
