from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from loyalty_project.core.management.answers import write
from loyalty_project.core.services import api_keys


class Command(BaseCommand):
    help = "Make a key of the whole installation. --json prints {management_id, management_token}."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", default="Management")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *_args: Any, **options: Any) -> None:
        issued = api_keys.create_management(name=options["name"])
        answer = {"management_id": issued.key.management_id, "management_token": issued.secret}
        write(self, answer, as_json=options["as_json"])
