from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from loyalty_project.core import clock
from loyalty_project.core.errors import LoyaltyError
from loyalty_project.core.management.answers import write
from loyalty_project.core.services import projects


class Command(BaseCommand):
    help = "Make a project. With --json the last line on stdout is {id, slug}."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True)
        parser.add_argument("--slug", default="", help="for the command line; made from the name")
        parser.add_argument("--currency", default="EUR", help="ISO 4217")
        parser.add_argument("--timezone", default="UTC", help="for example Europe/Berlin")
        parser.add_argument("--locale", default="en")
        parser.add_argument("--sandbox", action="store_true")
        parser.add_argument("--case-insensitive-codes", action="store_true")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            project = projects.create(
                name=options["name"],
                slug=options["slug"],
                currency=options["currency"],
                timezone=options["timezone"],
                locale=options["locale"],
                is_sandbox=options["sandbox"],
                case_sensitive_codes=not options["case_insensitive_codes"],
                at=clock.now(),
            )
        except LoyaltyError as error:
            raise CommandError(error.details or error.message) from error
        write(self, {"id": project.public_id, "slug": project.slug}, as_json=options["as_json"])
