"""`manage.py seed_demo`: fill an empty installation with two shops to look at."""

import json
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.dateparse import parse_datetime

from loyalty_project.core import clock
from reporting.services import demo
from reporting.services.demo.plan import Sizes

_DEFAULT = Sizes()


class Command(BaseCommand):
    help = (
        "Loads two demo shops with customers, orders, campaigns and codes. The last line on stdout "
        "is one JSON object with the logins and API keys; their secrets are shown only here."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--customers", type=int, default=_DEFAULT.customers, metavar="N")
        parser.add_argument("--orders", type=int, default=_DEFAULT.orders, metavar="N")
        parser.add_argument("--codes", type=int, default=_DEFAULT.codes, metavar="N")
        parser.add_argument("--seed", type=int, default=1, help="same seed, same shops")
        parser.add_argument("--at", default="", help="as if loaded at this moment (ISO 8601)")
        parser.add_argument("--password", default="", help="one password for all logins")
        parser.add_argument(
            "--force", action="store_true", help="load beside other projects, if the names are free"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        sizes = Sizes(options["customers"], options["orders"], options["codes"])
        if min(sizes.customers, sizes.orders) < 20 or sizes.codes < 30:
            raise CommandError("The demo needs at least 20 customers and orders and 30 codes")
        try:
            known = demo.load(
                at=_moment(options["at"]),
                seed=options["seed"],
                sizes=sizes,
                password=options["password"],
                force=options["force"],
            )
        except demo.NotEmpty as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(json.dumps(known, ensure_ascii=False))


def _moment(text: str) -> datetime:
    if not text:
        return clock.now()
    moment = parse_datetime(text)
    if moment is None or moment.tzinfo is None:
        raise CommandError(f"{text!r} is not a moment with a time zone, e.g. 2026-03-01T12:00Z")
    return moment
