#!/usr/bin/env python
"""Django's command line. Without DATABASE_URL it joins the embedded server of WAFA_DATA_DIR."""

import os
import sys
from pathlib import Path

from django.core.management import execute_from_command_line

from loyalty_project.core.embedded import Unavailable, postgres

WITHOUT_DATABASE = {
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "spectacular",
    "up",  # holds the server itself, to start it again if it dies
    "version",
}


def main(arguments: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "loyalty_project.settings")
    command = arguments[1] if len(arguments) > 1 else "help"
    asks_for_help = command.startswith("-") or "--help" in arguments or "-h" in arguments
    if os.environ.get("DATABASE_URL") or command in WITHOUT_DATABASE or asks_for_help:
        execute_from_command_line(arguments)
        return
    here = Path(__file__).resolve().parent / "var"
    use = postgres.join(Path(os.environ.get("WAFA_DATA_DIR") or here).resolve())
    try:
        execute_from_command_line(arguments)
    finally:
        use.release()


if __name__ == "__main__":
    try:
        main(sys.argv)
    except Unavailable as reason:
        sys.exit(str(reason))
