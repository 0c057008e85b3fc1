"""One run: scratch projects, scenarios, invariants, and everything removed again."""

import random
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.test.utils import override_settings

from customers.services import customers, erasure
from loyalty_project.core import clock, dispatch, guarded, tenancy
from loyalty_project.core.models import OutboxEvent, Project
from loyalty_project.core.services import api_keys, projects
from redemptions.management.proving import invariants, others
from redemptions.management.proving.findings import Finding
from redemptions.management.proving.scenarios import SCENARIOS
from redemptions.management.proving.shop import Shop
from redemptions.management.proving.swapping import swapped
from redemptions.models import Redemption, RedemptionRollback

_DISPATCH_SECONDS = 20
_STRETCH_SECONDS = 0.006
Say = Callable[[str, Finding], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """`alone` says that nobody else writes meanwhile, so that all other projects are compared."""

    scenarios: tuple[str, ...]
    threads: int
    rounds: int
    seed: int
    alone: bool


@dataclass(slots=True)
class Figures:
    """How much a run was."""

    redemptions: int = 0
    rollbacks: int = 0
    refused: int = 0
    waits: int = 0
    seconds: float = 0.0


def prove(plan: Plan, say: Say) -> Figures:
    """Run the scenarios and tell every finding as it comes."""
    figures, began = Figures(), time.monotonic()
    with override_settings(ALLOWED_HOSTS=["*"], SECURE_SSL_REDIRECT=False):
        with _scratch(plan) as shop:
            _all(plan, shop, say)
            _count(figures, shop)
        for project in (shop.project, shop.neighbour):
            say("afterwards", others.left(project))
    figures.seconds = time.monotonic() - began
    return figures


def _all(plan: Plan, shop: Shop, say: Say) -> None:
    apart = (shop.project, shop.neighbour)
    with tenancy.all_projects():
        next_door = others.sums(apart=(), only=shop.neighbour)
        elsewhere = others.sums(apart=apart) if plan.alone else {}
    with tenancy.scope(shop.project):
        with _stretched(shop.rng):
            for _ in range(plan.rounds):
                for name in plan.scenarios:
                    _each(say, name, SCENARIOS[name](shop))
        _forget_somebody(shop)
        _dispatch(shop)
        _each(say, "invariants", invariants.check(shop.project))
    with tenancy.all_projects():
        said = "nothing of the project next door changed"
        after = others.sums(apart=(), only=shop.neighbour)
        say("others", others.compare(said, next_door, after))
        if plan.alone:
            said = "nothing of any other project changed"
            say("others", others.compare(said, elsewhere, others.sums(apart=apart)))


def _each(say: Say, name: str, findings: Iterable[Finding]) -> None:
    for finding in findings:
        say(name, finding)


@contextmanager
def _scratch(plan: Plan) -> Iterator[Shop]:
    """Two projects that are gone afterwards, whatever happened."""
    made: list[Project] = []
    try:
        for name in ("Proof", "Next door"):
            values: dict[str, Any] = {"currency": "EUR", "timezone": "Asia/Beirut"}
            made.append(projects.create(name=name, at=clock.now(), is_sandbox=True, **values))
        shops = [_shop(project, made[-1], plan) for project in made]
        with tenancy.scope(made[1]):
            _open(shops[1])
        yield shops[0]
    finally:
        for project in made:
            projects.delete(project=Project.objects.get(pk=project.pk))


def _shop(project: Project, neighbour: Project, plan: Plan) -> Shop:
    with tenancy.scope(project):
        issued = api_keys.create(project=project, name="Proof", rate_limit=1_000_000)
    headers = {"X-App-Id": issued.key.app_id, "X-App-Token": issued.secret}
    rng = random.Random(plan.seed)
    return Shop(project, neighbour, headers, plan.threads, plan.seed, rng)


def _open(shop: Shop) -> None:
    """What another shop has: uses that are not folded yet, and a limit of the whole project."""
    shop.limit(None, {"measure": "redemptions", "value": 10**6})
    shop.at_once([shop.buy(shop.code().code)] * 2)


@contextmanager
def _stretched(rng: random.Random) -> Iterator[None]:
    """A moment between what is read and what is written, so that many fall into it."""
    run = guarded.run

    def slow(statements: Any) -> None:
        time.sleep(rng.uniform(0, _STRETCH_SECONDS))
        run(statements)

    with swapped(guarded, "run", slow):
        yield


def _forget_somebody(shop: Shop) -> None:
    """An event that has a subscriber in here."""
    name, at = shop.name("customer"), clock.now()
    customers.create(project=shop.project, data={"source_id": name}, at=at)
    erasure.delete(project=shop.project, reference=name, at=at)


def _dispatch(shop: Shop) -> None:
    """As beat does it, who may be faster."""
    waiting = OutboxEvent.objects.filter(project=shop.project, dispatched_at=None)
    until = time.monotonic() + _DISPATCH_SECONDS
    while waiting.exists() and time.monotonic() < until:
        if not dispatch.dispatch(at=clock.now()):
            time.sleep(0.1)


def _count(figures: Figures, shop: Shop) -> None:
    with tenancy.scope(shop.project):
        made = Redemption.objects.exclude(voucher=None, promotion_tier=None)
        figures.redemptions = made.filter(result="SUCCESS").count()
        figures.refused = Redemption.objects.filter(result="FAILURE").count()
        figures.rollbacks = RedemptionRollback.objects.filter(result="SUCCESS").count()
    figures.waits = shop.waits
