"""A burst of events to many endpoints of which two in five are dead, sent by a real worker.

How long after the events a delivery arrives at those that live, and how many arrive in a second.
"""

import os
import time

from tests import receiver
from tests.benchmarks import serving, timing
from tests.benchmarks.shop import opened

EVENTS = int(os.environ.get("BENCH_EVENTS", "100"))
GOOD, FAILING, SILENT, REFUSING = 12, 3, 3, 2
PATIENCE_SECONDS = 180


def measure(installation):
    """Aims: p95 at most 5 s, and at most 1.5 times that without dead ones."""
    installation.environment |= {"WEBHOOK_ALLOW_PRIVATE": "true"}
    opened(installation, 0)
    arrivals, found = [], {}
    with receiver.listening() as here:
        for number in range(GOOD):
            here.answers[f"/good{number}"] = _noting(arrivals)
        for number in range(FAILING):
            here.answers[f"/failing{number}"] = receiver.status(500)
        for number in range(SILENT):
            here.answers[f"/silent{number}"] = receiver.nothing
        _inside(installation, f"endpoints({[here.url(f'/good{n}') for n in range(GOOD)]!r})")
        found["all live"] = _burst(installation, arrivals)
        dead = [here.url(f"/failing{number}") for number in range(FAILING)]
        dead += [here.url(f"/silent{number}") for number in range(SILENT)]
        dead += [f"http://127.0.0.1:1/{number}" for number in range(REFUSING)]
        _inside(installation, f"endpoints({dead!r})")
        found[f"{len(dead)} of {GOOD + len(dead)} dead"] = _burst(installation, arrivals)
    live, some_dead = found.values()
    some_dead["to_all_live"] = round(some_dead["p95_ms"] / live["p95_ms"], 2)
    settings = {**serving.Database(installation).settings(), **serving.machine()}
    return {f"webhooks, {name}": each for name, each in found.items()} | {"  PostgreSQL": settings}


def _noting(arrivals):
    take = receiver.status(204)

    def answer(handler):
        arrivals.append(time.time())
        take(handler)

    return answer


def _burst(installation, arrivals):
    before, wanted = len(arrivals), EVENTS * GOOD
    happened = float(_inside(installation, f"events({EVENTS})"))
    give_up = time.monotonic() + PATIENCE_SECONDS
    while len(arrivals) - before < wanted:
        assert time.monotonic() < give_up, f"{len(arrivals) - before} of {wanted} came"
        time.sleep(0.2)
    waits = [(arrived - happened) * 1000 for arrived in arrivals[before:]]
    rate = {"per_second": round(wanted / max(waits) * 1000, 1)}
    return {"deliveries": wanted, **timing.spread(waits), **rate}


def _inside(installation, call):
    code = f"from tests.benchmarks import webhooks_inside; webhooks_inside.{call}"
    done = installation.run("shell", "-c", code)
    assert not done.returncode, done.stderr
    return done.stdout.strip().rsplit("\n", 1)[-1]
