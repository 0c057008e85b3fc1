from typing import Any

from django.core.management.base import BaseCommand

from loyalty_project.core.services import roles


class Command(BaseCommand):
    help = "Write the built-in roles to the groups; roles of your own stay as they are."

    def handle(self, *_args: Any, **_options: Any) -> None:
        for group in roles.sync():
            self.stdout.write(f"{group.name}: {group.permissions.count()} permissions")
