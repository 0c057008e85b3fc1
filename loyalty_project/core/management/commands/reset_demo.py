"""`manage.py reset_demo`: an empty database with the demo in it."""

import io
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command, get_commands

from loyalty_project.core.management import demo, lock, schema


class Command(BaseCommand):
    """Remove all data of this installation and load the demo again."""

    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--yes", action="store_true", help="do not ask")
        parser.add_argument(
            "--not-embedded",
            action="store_true",
            help="also where DATABASE_URL names a database of your own",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EMBEDDED and not options["not_embedded"]:
            message = "DATABASE_URL names a database of your own. --not-embedded empties it."
            raise CommandError(message)
        if not options["yes"] and input("Everything will be removed. Type yes: ") != "yes":
            message = "Nothing was changed."
            raise CommandError(message)
        data_dir = Path(settings.DATA_DIR)
        with lock.alone(data_dir, note="the demo is being loaded again."):
            schema.drop()
            demo.forget(data_dir)
            call_command("migrate", verbosity=0)
            schema.note()
            if "sync_roles" in get_commands():
                call_command("sync_roles", stdout=io.StringIO())
            if demo.is_wanted():
                demo.seed(data_dir)
        self.stdout.write("\n".join(["Everything is new.", "", *demo.lines(demo.access(data_dir))]))
