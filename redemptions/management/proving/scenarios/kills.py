"""Processes that are killed in the middle of what they do, and clients who ask again."""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

from django.db import connections

from loyalty_project.core.errors import Busy
from redemptions.management.proving import wire
from redemptions.management.proving.findings import Finding, equal
from redemptions.management.proving.shop import Shop
from redemptions.models import Redemption

WORKERS, KEYS = 4, 8
_ANSWERS = 3
_PATIENCE_SECONDS = 30.0


def run(shop: Shop) -> Iterator[Finding]:
    """Each works through keys of its own, and dies by SIGKILL after a few answers.

    Then every key is sent again: those that were answered have their effect, the others get it now,
    and none has two.
    """
    code = shop.code(shop.campaign({"measure": "redemptions", "value": 10**6})).code
    keys = [[shop.name("key") for _ in range(KEYS)] for _ in range(WORKERS)]
    connections.close_all()
    workers = [_Worker.start(shop.headers, code, mine) for mine in keys]
    shares = [shop.rng.uniform(0.1, 1) for _ in workers]
    with ThreadPoolExecutor(WORKERS) as pool:
        acknowledged = list(pool.map(_Worker.killed_within, workers, shares))
    killed = sum(len(known) < KEYS for known in acknowledged)
    yield equal("workers killed in the middle of their work", killed, WORKERS)
    made = Redemption.objects.filter(result="SUCCESS")
    known = [key for mine in acknowledged for key in mine]
    there = made.filter(metadata__key__in=known).count()
    yield equal("what was answered before the kill is there", there, len(known))
    asked = [key for mine in keys for key in mine]
    answers = shop.at_once([wire.redeem(shop.headers, code, key) for key in asked])
    statuses = [answer.status for answer in answers.results]
    yield equal("who asks again has an answer", statuses.count(200), len(asked))
    effects = made.filter(metadata__key__in=asked).count()
    yield equal("every key has one effect", effects, len(asked))


@dataclass(slots=True)
class _Worker:
    """A process of its own, which writes every key that it has an answer for to a pipe."""

    process: Any
    reading: int

    @classmethod
    def start(cls, headers: Mapping[str, str], code: str, keys: Sequence[str]) -> "_Worker":
        reading, writing = os.pipe()
        process = get_context("fork").Process(target=_work, args=(headers, code, keys, writing))
        process.start()
        os.close(writing)
        return cls(process, reading)

    def killed_within(self, share: float) -> list[str]:
        """What it had answers for when it was killed, in that part of an answer after some."""
        seen, began = b"", 0.0
        try:
            while seen.count(b"\n") < _ANSWERS and (more := os.read(self.reading, 4096)):
                seen, began = seen + more, began or time.monotonic()
            if began:
                time.sleep(share * (time.monotonic() - began) / (_ANSWERS - 1))
        finally:
            self.process.kill()
            self.process.join(_PATIENCE_SECONDS)
        while more := os.read(self.reading, 4096):
            seen += more
        os.close(self.reading)
        return seen.decode().split()


def _work(headers: Mapping[str, str], code: str, keys: Sequence[str], writing: int) -> None:
    for key in keys:
        with suppress(Busy):
            if wire.redeem(headers, code, key)().status == 200:
                os.write(writing, f"{key}\n".encode())
