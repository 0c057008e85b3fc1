"""A process that stands still with what everybody wants, and is then killed."""

import os
import signal
import time
from collections.abc import Iterator
from multiprocessing import get_context

from django.db import connections, transaction

from loyalty_project.core import tenancy
from loyalty_project.core.errors import Busy
from redemptions.management.proving.findings import Finding, equal
from redemptions.management.proving.scenarios.limits import fought
from redemptions.management.proving.shop import Job, Shop

# The lock timeout of the settings, and time to read and decide.
_PATIENCE_SECONDS = 5.0


def run(shop: Shop) -> Iterator[Finding]:
    """Others are told to try again in time, and find everything there once it is gone."""
    code = shop.code(shop.campaign({"measure": "redemptions", "value": shop.threads})).code
    buy = shop.buy(code)
    buy()
    reading, writing = os.pipe()
    connections.close_all()
    process = get_context("fork").Process(target=_hang, args=(shop, buy, writing))
    process.start()
    os.close(writing)
    try:
        os.read(reading, 1)
        os.kill(process.pid or 0, signal.SIGSTOP)
        waits = shop.at_once([_timed(buy)] * shop.threads).results
    finally:
        process.kill()
        process.join(_PATIENCE_SECONDS)
        os.close(reading)
    told = sum(seconds is not None for seconds in waits)
    yield equal("who meets a process that hangs is told to try again", told, shop.threads)
    longest = max((seconds for seconds in waits if seconds is not None), default=0.0)
    said = f"within {_PATIENCE_SECONDS:.0f} seconds"
    yield Finding(said, longest <= _PATIENCE_SECONDS, f"{longest:.1f} s at most")
    said = "what it had not committed is left for others"
    yield from fought(shop, said, [buy] * (2 * shop.threads), wanted=shop.threads - 1)


def _hang(shop: Shop, buy: Job, writing: int) -> None:
    with tenancy.scope(shop.project), transaction.atomic():
        buy()
        os.write(writing, b"1")
        time.sleep(600)


def _timed(buy: Job) -> Job:
    """How long it took to be told to try again, None for who got something."""

    def job() -> float | None:
        began = time.monotonic()
        try:
            buy()
        except Busy:
            return time.monotonic() - began
        return None

    return job
