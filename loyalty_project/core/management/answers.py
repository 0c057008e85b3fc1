"""How commands answer: one JSON line last on stdout, or `name: value` lines for people."""

import json
from collections.abc import Mapping

from django.core.management.base import BaseCommand


def write(command: BaseCommand, answer: Mapping[str, str], *, as_json: bool) -> None:
    if as_json:
        command.stdout.write(json.dumps(answer))
        return
    for name, value in answer.items():
        command.stdout.write(f"{name}: {value}")
