"""One run: a shop, a crowd, kills, and the reckoning. Needs a started installation and Django."""

import json
import random
import time
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import connection, connections

from campaigns.models import Voucher
from customers.models import Customer
from loyalty_project.core import clock, tenancy
from loyalty_project.core.models import AsyncAction, OutboxEvent, RefusedRows, WebhookDelivery
from redemptions.management.proving.findings import Finding, equal
from tests.faults import journal
from tests.faults.clients import Crowd, resolve
from tests.faults.journal import Journal
from tests.faults.kills import KINDS, Killer
from tests.faults.reconcile import reconcile, told
from tests.faults.shop import BAD_EVERY, EVENTS, opened

ASKED_AGAIN, DRAIN_SECONDS, KILLS_SECONDS = 100, 240, 60


@dataclass(frozen=True)
class Plan:
    """`kills` None is as many as fit; `hurry` waits for no lease of a killed sender."""

    seconds: float
    clients: int
    seed: int
    kills: int | None = None
    hurry: bool = False


@dataclass
class Figures:
    """What happened, for people: a line for each, and the kills."""

    seen: object = None
    kills: list = field(default_factory=list)
    lines: dict = field(default_factory=dict)

    def by_kind(self):
        return {kind: found for kind in KINDS
                if (found := [kill for kill in self.kills if kill.kind == kind])}  # fmt: skip

    def felt(self, kills):
        """How long the clients were without answers, and the database away."""
        answers = sorted(kill.answers for kill in kills if kill.answers is not None)
        told = f"answers again after {_range(answers)}"
        back = sorted(kill.database for kill in kills if kill.database is not None)
        return told + (f", the database after {_range(back)}" if back else "")


def run(installation, receiver, plan, file):
    """`(figures, findings)` of one run; the journal is written to `file`."""
    figures, rng = Figures(), random.Random(plan.seed)
    jobs = 2_000 if plan.hurry else 20_000
    shop = opened(receiver, uses=max(8, int(plan.seconds / 2)), generated=jobs, imported=jobs)
    connections.close_all()
    book = Journal(file)
    crowd = Crowd(shop, installation.port, book, count=plan.clients, seed=plan.seed)
    figures.seen = crowd.seen
    try:
        crowd.start()
        began = time.monotonic()
        figures.kills = _storm(Killer(installation, crowd.seen, rng), rng, plan)
        figures.lines["seconds of load"] = round(time.monotonic() - began, 1)
    finally:
        crowd.stop()
    findings = list(_reckoning(installation, receiver, plan, shop, book, crowd, figures, rng))
    book.close()
    return figures, findings


def _range(seconds):
    return f"{seconds[0]}-{seconds[-1]} s" if seconds else "never"


def _storm(killer, rng, plan):
    """Kills of every kind in any order until the time is over; each after the last was healed.

    A wanted number of kills is waited for, a minute at most.
    """
    began, bag, kills = time.monotonic(), [], []
    while (gone := time.monotonic() - began) < plan.seconds or len(kills) < (plan.kills or 0):
        if gone > plan.seconds + KILLS_SECONDS:
            break
        time.sleep(rng.uniform(1, 3))
        if plan.kills is None or len(kills) < plan.kills:
            bag = bag or rng.sample(KINDS, len(KINDS))
            kill = killer.kill(bag.pop())
            kills += [kill] if kill else []
    return kills


def _reckoning(installation, receiver, plan, shop, book, crowd, figures, rng):
    installation.wait_for(installation.is_ready)
    writes = book.writes()
    unknown = [write for write in writes if write.state == journal.UNKNOWN]
    answers = resolve(shop, installation.port, book, unknown)
    replayed = sum(answer.replayed for _, answer in answers)
    known = [write for write in writes if write.state == journal.OK]
    again = rng.sample(known, min(len(known), ASKED_AGAIN))
    same = resolve(shop, installation.port, book, again)
    writes = book.writes()
    states = [write.state for write in writes]
    began = time.monotonic()
    _drain(shop, plan)
    figures.lines |= {
        "writes invoked": len(writes),
        "acknowledged": states.count(journal.OK),
        "refused": states.count(journal.REFUSED),
        "validations": crowd.validations,
        "told to try again": crowd.seen.busy,
        "unknown at first": len(unknown),
        "of these done already": replayed,
        "webhook calls": len(receiver.calls),
        "seconds until all was told": round(time.monotonic() - began, 1),
    }
    yield Finding("somebody was served", states.count(journal.OK) > 0, f"{len(known)} at once")
    never = [kill.kind for kill in figures.kills if kill.answers is None]
    yield Finding(
        "clients had answers again after every kill", not never, ", ".join(never) or "yes"
    )
    yield equal("internal errors that were answered", crowd.seen.errors["500"], 0)
    as_before = sum(answer.replayed and answer.made == write.made for write, answer in same)
    yield equal("acknowledged writes get the same answer again", as_before, len(again))
    yield from reconcile(shop.project, writes)
    yield from _jobs(shop)
    calls = [(headers["webhook-id"], json.loads(body)["event"]["id"])
             for _, headers, body in receiver.calls]  # fmt: skip
    figures.lines["of these again"] = len(calls) - len(set(calls))
    yield from told(shop.project, EVENTS, calls)


def _jobs(shop):
    """Findings about what a worker did while it was killed."""
    with tenancy.scope(shop.project):
        count = Voucher.objects.filter(campaign__name="Generated").count()
        yield equal("codes generated while the worker died", count, shop.generated)
        bad = shop.imported // BAD_EVERY
        there = Customer.objects.filter(source_id__startswith="imported-").count()
        yield equal("customers imported meanwhile", there, shop.imported - bad)
        lines = [failure["line"] for rows in RefusedRows.objects.all() for failure in rows.failures]
        wanted = [n + 2 for n in range(0, shop.imported, BAD_EVERY)]
        yield equal("lines refused, each once", sorted(lines) == wanted, True)


def _drain(shop, plan):
    """Wait until every event is dispatched and sent, and all jobs are done."""
    until = time.monotonic() + DRAIN_SECONDS
    with tenancy.scope(shop.project):
        made = Voucher.objects.filter(campaign__name="Generated")
        while time.monotonic() < until:
            untold = OutboxEvent.objects.filter(dispatched_at=None).exists()
            unsent = WebhookDelivery.objects.filter(status="PENDING")
            running = AsyncAction.objects.filter(status__in=("ENQUEUED", "IN_PROGRESS"))
            if not (untold or unsent.exists() or running.exists() or made.count() < shop.generated):
                return
            if plan.hurry:
                _bring_forward(unsent)
            time.sleep(0.5)


def _bring_forward(unsent):
    """What a killed sender held comes due after a minute; here it is a few seconds."""
    at = clock.now()
    unsent.filter(due_at__gt=at, updated_at__lt=at - timedelta(seconds=3)).update(due_at=at)
    connection.close()
