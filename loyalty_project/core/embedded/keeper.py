"""Stops an embedded PostgreSQL when its last user is gone, however that user ended.

Users hold a shared lock, which the system drops even when they are killed. This process waits
for the exclusive one. It runs as a script of its own and needs the standard library alone.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

USERS = "users.lock"
KEEPER = "keeper.lock"
_PATIENCE = 20.0


def command_of(pid: int) -> str:
    """Command line of a living process; empty for none and for one that only awaits burial."""
    entry = Path("/proc") / str(pid) / "cmdline"
    if Path("/proc/self").exists():
        try:
            return entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    listing = ["/bin/ps", "-o", "stat=,command=", "-p", str(pid)]
    state, _, command = (
        subprocess.run(listing, capture_output=True, text=True, check=False)
        .stdout.strip()
        .partition(" ")
    )
    return "" if state.startswith("Z") else command.strip()


def postmaster_of(data: Path) -> int | None:
    """Process id of the living server of a data directory."""
    try:
        pid = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    command = command_of(pid)
    # A number left by a killed server may belong to another program by now.
    return pid if "postgres" in command and f"-D {data}" in command else None


def stop(base: Path) -> None:
    """End every server under `base`, cleanly where it lets us."""
    for file in base.glob("*/postmaster.pid"):
        for wish in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            pid = postmaster_of(file.parent)
            if pid is None or _ends(pid, wish):
                break


def _ends(pid: int, wish: signal.Signals) -> bool:
    try:
        os.kill(pid, wish)
    except ProcessLookupError:
        return True
    give_up = time.monotonic() + _PATIENCE
    while command_of(pid):
        if time.monotonic() > give_up:
            return False
        time.sleep(0.02)
    return True


def watch(base: Path, *, throw_away: bool) -> None:
    """Wait until nobody uses the server of `base`, then stop it; throw its data directory away."""
    # The keeper's own lock opens first: who gets the users' lock after us must find it free.
    with (base / USERS).open("a") as users, (base / KEEPER).open("a") as keeper:
        try:
            fcntl.flock(keeper, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        fcntl.flock(users, fcntl.LOCK_EX)
        stop(base)
        if throw_away:
            shutil.rmtree(base.parent, ignore_errors=True)


if __name__ == "__main__":
    watch(Path(sys.argv[1]), throw_away="--throw-away" in sys.argv)
