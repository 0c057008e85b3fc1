"""`manage.py doctor`: is everything there that Wafa needs? The exit status tells."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from loyalty_project.core import checkup


class Command(BaseCommand):
    """Look at each part and report; status 1 if any is unwell."""

    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")

    def handle(self, *args: Any, **options: Any) -> None:
        found = checkup.examine()
        if options["json"]:
            shown = {one.name: {"ok": one.well, "detail": one.detail} for one in found}
            self.stdout.write(json.dumps(shown))
        else:
            for one in found:
                self.stdout.write(f"{'ok  ' if one.well else 'FAIL'}  {one.name:12} {one.detail}")
        unwell = [one.name for one in found if not one.well]
        if unwell:
            message = f"Unwell: {', '.join(unwell)}"
            raise CommandError(message)
