"""`manage.py prove`: do the limits of this installation hold? The exit status tells."""

import logging
import os
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import connection

from redemptions.management.proving.findings import Finding
from redemptions.management.proving.mutations import MUTATIONS
from redemptions.management.proving.run import Figures, Plan, prove
from redemptions.management.proving.scenarios import SCENARIOS


class Command(BaseCommand):
    """Race for limits on a scratch project of the configured database, and check what is left."""

    help = (
        "Runs races, rollback storms, double submits and kills on a scratch project of the "
        "configured database, checks what must be true afterwards, and removes it. Status 1 if "
        "anything does not hold."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--threads", type=int, default=8, metavar="N", help="who buy at once")
        parser.add_argument("--rounds", type=int, default=1, metavar="N")
        parser.add_argument("--seed", type=int, default=1, help="of what is left to chance")
        parser.add_argument("--only", action="append", choices=list(SCENARIOS), metavar="SCENARIO")
        parser.add_argument("--mutate", choices=list(MUTATIONS), help="take this guard out")
        parser.add_argument("--list", action="store_true", help="scenarios and guards, then end")
        parser.add_argument(
            "--busy",
            action="store_true",
            help="other projects are in use meanwhile and are not compared",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["list"]:
            self._list()
            return
        if options["threads"] < 2 or options["rounds"] < 1:
            raise CommandError("It takes 2 threads and 1 round at least")
        plan = Plan(
            scenarios=tuple(options["only"] or SCENARIOS),
            threads=options["threads"],
            rounds=options["rounds"],
            seed=options["seed"],
            alone=not options["busy"],
        )
        mutation = options["mutate"]
        self._head(plan, mutation)
        broken: list[Finding] = []
        off = MUTATIONS[mutation].off() if mutation else nullcontext()
        with _quiet(), off:
            figures = prove(plan, lambda name, finding: self._say(name, finding, broken))
        self._verdict(figures, broken, plan)

    def _list(self) -> None:
        self.stdout.write("Scenarios: " + ", ".join(SCENARIOS))
        for name, mutation in MUTATIONS.items():
            self.stdout.write(f"{name:16} {mutation.says} (shows in {mutation.scenario})")

    def _head(self, plan: Plan, mutation: str | None) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('server_version'), current_setting('fsync'),"
                " current_setting('synchronous_commit')"
            )
            version, fsync, commit = cursor.fetchone()
        self.stdout.write(
            f"PostgreSQL {version}, fsync={fsync}, synchronous_commit={commit},"
            f" {os.cpu_count()} cores, {plan.threads} threads, {plan.rounds} rounds,"
            f" seed {plan.seed}" + (f", without {mutation}" if mutation else "")
        )

    def _say(self, name: str, finding: Finding, broken: list[Finding]) -> None:
        if not finding.holds:
            broken.append(finding)
        word = "ok  " if finding.holds else "FAIL"
        self.stdout.write(f"{word}  {name:10} {finding.said}: {finding.seen}")

    def _verdict(self, figures: Figures, broken: list[Finding], plan: Plan) -> None:
        """The last line names what was left out: it proves nothing about that."""
        self.stdout.write(
            f"{figures.redemptions} redemptions, {figures.refused} refused,"
            f" {figures.rollbacks} rollbacks, {figures.waits} times told to try again,"
            f" {figures.seconds:.1f} s"
        )
        if broken:
            message = f"NOT PROVED: {len(broken)} of what must be true is not"
            raise CommandError(message)
        left_out = [name for name in SCENARIOS if name not in plan.scenarios]
        left_out += [] if plan.alone else ["other projects"]
        self.stdout.write(f"PROVED, but not: {', '.join(left_out)}" if left_out else "PROVED")


@contextmanager
def _quiet() -> Iterator[None]:
    """The refusals of a run are no news for the log."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)
