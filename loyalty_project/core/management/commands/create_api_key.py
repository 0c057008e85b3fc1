from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from loyalty_project.core import tenancy
from loyalty_project.core.errors import LoyaltyError
from loyalty_project.core.management.answers import write
from loyalty_project.core.models import KeyRole, Project
from loyalty_project.core.services import api_keys


class Command(BaseCommand):
    help = "Make an API key; its secret is shown this once. --json prints {app_id, app_token}."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--project", required=True, metavar="SLUG")
        parser.add_argument("--name", required=True, help="which shop, app or partner uses it")
        parser.add_argument("--role", choices=KeyRole.values, default=KeyRole.ADMIN.value)
        parser.add_argument("--client", action="store_true", help="for browsers and apps")
        parser.add_argument("--origin", action="append", default=[], metavar="URL")
        parser.add_argument("--scope", action="append", default=[], metavar="RESOURCE")
        parser.add_argument("--allow-ip", action="append", default=[], metavar="NETWORK")
        parser.add_argument("--rate-limit", type=int, default=2000, help="calls per minute")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *_args: Any, **options: Any) -> None:
        project = Project.objects.filter(slug=options["project"]).first()
        if project is None:
            raise CommandError(f"There is no project {options['project']}")
        try:
            with tenancy.scope(project):
                issued = api_keys.create(
                    project=project,
                    name=options["name"],
                    role=options["role"],
                    is_client=options["client"],
                    origins=options["origin"],
                    scopes=options["scope"],
                    allowed_ips=options["allow_ip"],
                    rate_limit=options["rate_limit"],
                )
        except LoyaltyError as error:
            raise CommandError(error.details or error.message) from error
        answer = {"app_id": issued.key.app_id, "app_token": issued.secret}
        write(self, answer, as_json=options["as_json"])
