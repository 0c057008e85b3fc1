"""The processes of `up`: started, prefixed in one log, started again when they die, ended."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from loyalty_project.core.embedded import keeper, tether

_LONGEST_PAUSE = 30.0
_SETTLED_AFTER = 60.0


class Child:
    """One process in a session of its own, so that a signal reaches it through us alone."""

    def __init__(
        self,
        name: str,
        command: list[str],
        *,
        environment: Mapping[str, str],
        say: Callable[[str], None],
    ) -> None:
        self.name = name
        self._command = command
        self._environment = dict(environment)
        self._say = say
        self._process: subprocess.Popen[str] | None = None
        self._pause = 1.0
        self._begun = 0.0
        self._due: float | None = None

    @property
    def pid(self) -> int | None:
        """Process id while it lives."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def start(self) -> None:
        """Start it; its output appears line by line behind its name."""
        self._begun, self._due = time.monotonic(), None
        self._process = subprocess.Popen(
            [sys.executable, tether.__file__, str(os.getpid()), *self._command],
            env=os.environ | self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        threading.Thread(target=self._read, args=[self._process], daemon=True).start()

    def watch(self) -> bool:
        """Start it again if it has died, later each time. True if it was started."""
        if self._process is None or self.pid is not None:
            return False
        now = time.monotonic()
        if self._due is None:
            self._clear()
            if now - self._begun > _SETTLED_AFTER:
                self._pause = 1.0
            self._due = now + self._pause
            status = self._process.returncode
            self._say(f"{self.name} ended with status {status}, again in {self._pause:.0f} s")
            self._pause = min(self._pause * 2, _LONGEST_PAUSE)
        if now < self._due:
            return False
        self.start()
        return True

    def terminate(self) -> None:
        """Ask it to finish what it does and end."""
        if self.pid is not None and self._process:
            self._process.terminate()

    def wait(self, until: float) -> None:
        """Wait until it has ended, and make it end at the moment `until` (monotonic)."""
        if self._process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(max(0.0, until - time.monotonic()))
        self._clear()
        self._process.wait()

    def _clear(self) -> None:
        # Its own children may outlive a killed leader; they share its group.
        if self._process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def _read(self, process: "subprocess.Popen[str]") -> None:
        for line in process.stdout or ():
            self._say(f"{self.name:6} | {line.rstrip()}")
        if process.stdout:
            process.stdout.close()


def remember(file: Path, children: Iterable[Child]) -> None:
    """Write down what runs, for the start after one that was killed."""
    running = {
        str(child.pid): keeper.command_of(child.pid) for child in children if child.pid is not None
    }
    draft = file.with_name(f"{file.name}.new")
    draft.write_text(json.dumps(running))
    draft.replace(file)


def clear_left_over(file: Path) -> bool:
    """End what an earlier run wrote down and could not end itself. True if there was a note."""
    try:
        noted = json.loads(file.read_text())
    except (OSError, ValueError):
        return False
    give_up = time.monotonic() + 5
    for pid, command in noted.items():
        # A number may belong to another program by now.
        while command and keeper.command_of(int(pid)) == command:
            wish = signal.SIGTERM if time.monotonic() < give_up else signal.SIGKILL
            with contextlib.suppress(ProcessLookupError):
                os.killpg(int(pid), wish)
            time.sleep(0.1)
    file.unlink(missing_ok=True)
    return True
