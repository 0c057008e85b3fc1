"""The demo's logins and keys: printed once by `seed_demo`, kept to be shown again."""

import io
import json
import os
from pathlib import Path
from typing import Any

from django.core.management import call_command, get_commands

from loyalty_project.core import tenancy
from loyalty_project.core.models import Project
from loyalty_project.core.wakeup import nobody_to_wake

Access = dict[str, list[dict[str, Any]]]


def is_wanted() -> bool:
    """Whether there is a demo to load and no project yet."""
    with tenancy.all_projects():
        return "seed_demo" in get_commands() and not Project.objects.exists()


def seed(data_dir: Path) -> None:
    """Load the demo, and keep what it says about logins and keys."""
    said = io.StringIO()
    with nobody_to_wake():
        call_command("seed_demo", stdout=said)
    last_line = said.getvalue().strip().rsplit("\n", 1)[-1]
    _keep(data_dir, json.loads(last_line))


def access(data_dir: Path) -> Access:
    """Logins and keys that the demo of `data_dir` was loaded with; empty when it was not."""
    try:
        kept: Access = json.loads(_file(data_dir).read_text())
    except (OSError, ValueError):
        return {}
    return kept


def forget(data_dir: Path) -> None:
    """Remove what was kept."""
    _file(data_dir).unlink(missing_ok=True)


def lines(known: Access) -> list[str]:
    """The logins and keys as two tables for people."""
    logins = {"role": "Role", "username": "User", "password": "Password", "project": "Project"}
    keys = {"project": "Project", "kind": "Key", "app_id": "X-App-Id", "app_token": "X-App-Token"}
    first, second = _table(logins, known.get("logins")), _table(keys, known.get("api_keys"))
    return [*first, *([""] if first and second else []), *second]


def _table(columns: dict[str, str], rows: list[dict[str, Any]] | None) -> list[str]:
    if not rows:
        return []
    cells = [list(columns.values())]
    cells += [[str(row.get(name, "")) for name in columns] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [
        "  ".join(
            ["", *(cell.ljust(width) for cell, width in zip(line, widths, strict=True))]
        ).rstrip()
        for line in cells
    ]


def _keep(data_dir: Path, known: Access) -> None:
    file = _file(data_dir)
    file.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as stream:
        json.dump(known, stream)


def _file(data_dir: Path) -> Path:
    return data_dir / "demo.json"
