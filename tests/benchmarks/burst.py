"""Ten times as many clients as before, for a minute, on one hot code that runs out meanwhile."""

import json
import os
import threading
import time
from collections import Counter
from http.client import HTTPException

from tests.benchmarks import redeeming, serving, timing

SECONDS = float(os.environ.get("BENCH_SECONDS", "60"))
CALM, BURST = 2, 20
CLOSED = 0
LIMIT = int(os.environ.get("BENCH_LIMIT", "1000"))


def measure(installation, shop):
    """Answers by status, and how long they took; no error of the server, no use above the limit."""
    database = serving.Database(installation)
    shop.call("POST", "/v1/vouchers/HOT", {
        "type": "DISCOUNT_VOUCHER",
        "discount": {"type": "AMOUNT", "amount_off": 500},
        "redemption": {"quantity": LIMIT},
    })  # fmt: skip
    clients = redeeming.lines(installation.port, shop, BURST)
    calm = _storm(clients[:CALM], SECONDS / 6)
    burst = _storm(clients, SECONDS)
    shop.line.close()
    used = shop.call("GET", "/v1/vouchers/HOT")["redemption"]["redeemed_quantity"]
    statuses = burst[0] + calm[0]
    # A line that the server closed as idle may have carried a use that nobody was told of.
    assert statuses[200] <= used <= min(LIMIT, statuses[200] + statuses[CLOSED]), (used, statuses)
    assert max(statuses) < 500, statuses
    found = {f"{CALM} clients": calm, f"{BURST} clients at once": burst}
    return {
        f"hot code, {name}": {
            "calls": sum(answers.values()),
            "redeemed": answers[200],
            "refused": answers[400],
            "told_to_try_again": answers[409],
            "lines_closed": answers[CLOSED],
            **timing.spread(times),
        }
        for name, (answers, times) in found.items()
    } | {"  PostgreSQL": {**database.settings(), **serving.machine()}}


def _storm(clients, seconds):
    """`(statuses, milliseconds)` of clients who ask as fast as they are answered."""
    until, statuses, times = time.monotonic() + seconds, Counter(), []
    lock = threading.Lock()

    def work(client):
        client.line.close()
        while time.monotonic() < until:
            began = time.perf_counter()
            body = json.dumps(redeeming.body("HOT"))
            try:
                client.line.request("POST", "/v1/redemptions", body, client.headers)
                answer = client.line.getresponse()
                answer.read()
                status = answer.status
            except (ConnectionError, HTTPException):
                client.line.close()
                status = CLOSED
            with lock:
                statuses[status] += 1
                times.append((time.perf_counter() - began) * 1000)

    threads = [threading.Thread(target=work, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses, times
