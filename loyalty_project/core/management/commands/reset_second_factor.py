from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from loyalty_project.core.models import User
from loyalty_project.core.services import second_factor


class Command(BaseCommand):
    help = "Turn off the second factor of somebody who lost app and recovery codes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--user", required=True, help="the name that they sign in with")

    def handle(self, *_args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["user"]).first()
        if user is None:
            raise CommandError(f"Nobody signs in as {options['user']}. Check upper and lower case.")
        second_factor.remove(user=user)
        self.stdout.write(f"The second factor of {user} is off.")
