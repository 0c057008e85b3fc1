"""Starts the embedded PostgreSQL of a data directory, or joins it where it runs already.

Everything that needs the server holds a `Use`. The server ends with its last use, see `keeper`.
"""

import fcntl
import os
import shlex
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import IO

import psycopg

from loyalty_project.core import embedded
from loyalty_project.core.embedded import Unavailable, binaries, keeper
from loyalty_project.core.embedded.binaries import Account, Binaries

_PATIENCE = 60.0
_SETTINGS = {
    "listen_addresses": "",
    "log_timezone": "UTC",
    "timezone": "UTC",
}
_CARELESS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


@dataclass(kw_only=True)
class Use:
    """One user's claim on the embedded server of `data_dir`."""

    data_dir: Path
    throw_away: bool
    lock: IO[str]

    def ensure(self) -> bool:
        """Start the server again if it has died. True if it had."""
        return _ensure(self.data_dir, throw_away=self.throw_away)

    def release(self) -> None:
        """Give the claim up; the server stops if it was the last one."""
        self.lock.close()


def join(data_dir: Path, *, throw_away: bool = False) -> Use:
    """Claim the embedded server of `data_dir`, which is made and started if need be.

    A server to throw away runs without fsync, and `data_dir` goes when its last user does.
    """
    base = Path(data_dir).resolve() / "pg"
    with embedded.ours(base):
        base.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (base / keeper.USERS).open("a")
    fcntl.flock(lock, fcntl.LOCK_SH)
    use = Use(data_dir=Path(data_dir), throw_away=throw_away, lock=lock)
    try:
        use.ensure()
    except BaseException:
        use.release()
        raise
    return use


def answers(data_dir: Path) -> bool:
    """Whether the server takes connections. A process id would also be there for a dead one."""
    try:
        _connect(data_dir).close()
    except psycopg.OperationalError:
        return False
    return True


def _connect(data_dir: Path) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(
        host=str(embedded.postgres_socket(data_dir).parent),
        user="postgres",
        dbname="postgres",
        autocommit=True,
        connect_timeout=5,
    )


def _ensure(data_dir: Path, *, throw_away: bool) -> bool:
    base = Path(data_dir).resolve() / "pg"
    with (base / "start.lock").open("a") as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        _keep(base, throw_away=throw_away)
        if answers(data_dir):
            return False
        chosen = binaries.find(base)
        account = binaries.account(base, chosen)
        data = base / str(chosen.major)
        if not data.exists():
            _initialize(base, data, chosen, account)
        _start(data_dir, data, chosen, account, _CARELESS if throw_away else {})
        _provision(data_dir)
        return True


def _keep(base: Path, *, throw_away: bool) -> None:
    with (base / keeper.KEEPER).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
    # A session of its own: neither Ctrl-C nor the end of a terminal may reach it.
    flag = ["--throw-away"] if throw_away else []
    keeping = subprocess.Popen(
        [sys.executable, keeper.__file__, str(base), *flag],
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    # It outlives us on purpose, which Python would otherwise warn about.
    keeping.returncode = 0


def _initialize(base: Path, data: Path, chosen: Binaries, account: Account) -> None:
    for left in base.glob(".initdb-*"):
        shutil.rmtree(left, ignore_errors=True)
    # Helpers of a killed initdb write on for a while, so the real name comes last.
    draft = Path(mkdtemp(prefix=".initdb-", dir=base))
    _give(draft, account)
    locale = "C" if sys.platform == "darwin" else "C.UTF-8"
    made = account.run(
        [
            str(chosen.directory / "initdb"),
            f"--pgdata={draft}",
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            f"--locale={locale}",
            "--no-sync",
        ],
        cwd=base,
        capture_output=True,
        env=os.environ | {"TZ": "UTC"},
    )
    if made.returncode:
        shutil.rmtree(draft, ignore_errors=True)
        message = f"PostgreSQL could not make its files in {base}:\n{made.stderr.strip()}"
        raise Unavailable(message)
    draft.rename(data)


def _start(
    data_dir: Path, data: Path, chosen: Binaries, account: Account, extra: dict[str, str]
) -> None:
    sockets = embedded.postgres_socket(data_dir).parent
    sockets.mkdir(mode=0o700, parents=True, exist_ok=True)
    _give(sockets, account)
    settings = _SETTINGS | extra | {"unix_socket_directories": str(sockets)}
    wishes = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in settings.items())
    log = data.parent / "log"
    command = [str(chosen.directory / "pg_ctl"), "start", "-W", "-D", str(data), "-l", str(log)]
    give_up = time.monotonic() + _PATIENCE
    begun = 0.0
    while not answers(data_dir):
        if time.monotonic() > give_up:
            tail = "\n".join(log.read_text(errors="replace").splitlines()[-10:])
            message = f"PostgreSQL did not start; the end of {log}:\n{tail}"
            raise Unavailable(message)
        if keeper.postmaster_of(data) is None and time.monotonic() > begun + 1:
            # What a killed server left would keep the next one out if its number is in use.
            (data / "postmaster.pid").unlink(missing_ok=True)
            begun = time.monotonic()
            # Not a pipe: the server would hold it open.
            quiet = subprocess.DEVNULL
            account.run([*command, "-o", wishes], cwd=data.parent, stdout=quiet, stderr=quiet)
        time.sleep(0.03)


def _give(directory: Path, account: Account) -> None:
    owner = directory.stat().st_uid
    if owner == account.uid:
        return
    if os.geteuid() != 0 or owner != 0:
        message = f"{directory} belongs to another account: remove it, or set WAFA_DATA_DIR."
        raise Unavailable(message)
    os.chown(directory, account.uid, account.options.get("group", -1))


def _provision(data_dir: Path) -> None:
    """The role and the database of the application, without the powers of a superuser."""
    role, database = embedded.ROLE, embedded.DATABASE
    with _connect(data_dir) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
            connection.execute(f"CREATE ROLE {role} LOGIN CREATEDB")
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
        if not known.fetchone():
            connection.execute(f"CREATE DATABASE {database} OWNER {role}")
