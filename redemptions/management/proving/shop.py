"""The scratch shop: what is sold there, and those who buy at the same moment."""

import itertools
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from campaigns.models import Campaign, PromotionTier, Voucher
from campaigns.services import campaigns, limits, promotions, vouchers
from campaigns.services.limits import Owner
from loyalty_project.core import clock, tenancy
from loyalty_project.core.errors import Busy, LoyaltyError
from loyalty_project.core.models import Project
from redemptions.context import Request, Wanted
from redemptions.models import OrderReturn, Redemption
from redemptions.services import redemptions, returns, rollbacks
from redemptions.services.redemptions import Redeemed
from redemptions.services.rollbacks import RolledBack, Wish

AMOUNT_OFF, ORDER = 500, 2000
DISCOUNT = {"type": "AMOUNT", "amount_off": AMOUNT_OFF}
_TRIES = 12
Job = Callable[[], Any]


@dataclass(slots=True)
class Answers:
    """What those who came at once got: results, refusals by key, and failures nobody foresaw.

    `waits` is how often somebody was told to try again.
    """

    results: list[Any] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    waits: int = 0

    def add(self, answer: "Future[Any]") -> None:
        error = answer.exception()
        if error is None:
            self.results.append(answer.result())
        elif isinstance(error, LoyaltyError):
            self.refused[error.key] += 1
        else:
            self.failures.append(f"{type(error).__name__}: {error}")

    @property
    def redeemed(self) -> list[Redeemed]:
        return [result for result in self.results if isinstance(result, Redeemed)]

    @property
    def discount(self) -> int:
        """Minor units that were taken off."""
        made = (one for result in self.redeemed for one in result.redemptions)
        return sum(one.applied_amount for one in made)


@dataclass(slots=True)
class Shop:
    """A project, and the headers of a key for it. `neighbour` must not notice anything."""

    project: Project
    neighbour: Project
    headers: Mapping[str, str]
    threads: int
    seed: int
    rng: random.Random
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    waits: int = 0

    @property
    def half(self) -> int:
        """What is left for so many, when twice as many come as there are threads."""
        return max(1, self.threads // 2)

    def name(self, kind: str) -> str:
        return f"{kind}-{next(self.numbers)}"

    def campaign(self, *limits: Mapping[str, Any], **values: Any) -> Campaign:
        """A campaign of codes with these limits."""
        data = {
            "name": self.name("campaign"),
            "type": "STATIC",
            "voucher": {"type": "DISCOUNT_VOUCHER", "discount": DISCOUNT},
            "limits": list(limits),
            **values,
        }
        return campaigns.create(project=self.project, data=data, at=clock.now())

    def code(
        self, campaign: Campaign | None = None, *, limit: int | None = None, **values: Any
    ) -> Voucher:
        """A code for everybody, or for `limit` uses."""
        data = {
            "code": self.name("CODE").upper(),
            "redemption": {"quantity": limit},
            **({"campaign": campaign.public_id} if campaign is not None else _OF_ITS_OWN),
            **values,
        }
        return vouchers.create(project=self.project, data=data, at=clock.now())

    def card(self, amount: int) -> Voucher:
        """A gift card with so much on it."""
        data = {"type": "GIFT_VOUCHER", "gift": {"amount": amount}}
        code = self.name("CARD").upper()
        return vouchers.create(project=self.project, data=data, code=code, at=clock.now())

    def tier(self) -> PromotionTier:
        """A promotion tier without limits."""
        data: dict[str, Any] = {"name": self.name("promotion"), "campaign_type": "PROMOTION"}
        promotion = campaigns.create(project=self.project, data=data, at=clock.now())
        data = {"name": "Five off", "action": {"discount": DISCOUNT}}
        return promotions.create(
            project=self.project, campaign=promotion, data=data, at=clock.now()
        )

    def limit(self, owner: Owner, *documents: Mapping[str, Any]) -> None:
        """Let these be all limits of a row; None is the whole project."""
        limits.put(project=self.project, owner=owner, documents=documents, at=clock.now())

    def buy(self, *names: str, kind: str = "voucher", spent: int | None = None, **more: Any) -> Job:
        """Redeem codes or tiers with an order of 20.00, as a request of its own.

        `spent` is what is wanted of gift cards.
        """
        at = more.pop("at", None)
        wanted = tuple(Wanted(kind, name, spent) for name in names)
        request = Request(redeemables=wanted, **{"order": {"amount": ORDER}, **more})

        def job() -> Redeemed:
            return redemptions.redeem(project=self._now(), request=request, at=at or clock.now())

        return job

    def undo(self, redemption: Redemption) -> Job:
        """Take a redemption back, with all that were made with it."""

        def job() -> RolledBack:
            return rollbacks.roll_back_stack(
                project=self._now(),
                reference=redemption.public_id,
                wish=Wish(),
                at=clock.now(),
            )

        return job

    def bring_back(self, order: str, wish: returns.Wish) -> Job:
        """Return goods of an order."""

        def job() -> OrderReturn:
            return returns.take(project=self._now(), reference=order, wish=wish, at=clock.now())

        return job

    def at_once(self, jobs: Sequence[Job]) -> Answers:
        """Do all jobs, as many at a time as there are threads; each in its own connection."""
        answers, count = Answers(), min(self.threads, len(jobs))
        gate = threading.Barrier(count)
        with ThreadPoolExecutor(count) as pool:
            for _ in range(count):
                pool.submit(gate.wait)
            done = [pool.submit(self._one, job, answers) for job in jobs]
            wait(done)
            for _ in range(count):
                pool.submit(_leave, gate)
        for each in done:
            answers.add(each)
        self.waits += answers.waits
        return answers

    def _one(self, job: Job, answers: Answers) -> Any:
        """As a good client does it: who is told to try again tries again."""
        for _ in range(_TRIES):
            with tenancy.scope(self.project):
                try:
                    return job()
                except Busy:
                    answers.waits += 1
            time.sleep(0.05)
        raise TimeoutError("Never had an answer")

    def _now(self) -> Project:
        """As each request reads it."""
        return Project.objects.get(pk=self.project.pk)


_OF_ITS_OWN = {"type": "DISCOUNT_VOUCHER", "discount": DISCOUNT}


def _leave(gate: threading.Barrier) -> None:
    """Each thread once."""
    gate.wait()
    connection.close()
