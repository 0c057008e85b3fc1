"""One installation of its own: a data directory, a port, and `manage.py up` on them."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from tempfile import mkdtemp
from urllib.error import URLError
from urllib.request import urlopen

from loyalty_project.core.embedded import keeper

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("broker", "web", "worker", "beat")


class Installation:
    """One data directory and one port, with no settings from the tests around it."""

    def __init__(self, data_dir, port):
        self.data_dir, self.port = data_dir, port
        ours = ("DATABASE_URL", "CELERY_BROKER_URL", "WAFA_TESTING", "SECRET_KEY", "SITE_URL")
        self.environment = {name: text for name, text in os.environ.items() if name not in ours}
        self.environment |= {"PORT": str(port), "WAFA_DATA_DIR": str(data_dir)}
        self.log = data_dir.parent / "up.log"
        self.process = None

    def run(self, *arguments, **environment):
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def start(self):
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up", "--no-demo", "--with-parent"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait_for(lambda: self.is_ready() and "Ctrl-C" in self.said(), 240)

    def said(self):
        return self.log.read_text()

    def is_ready(self):
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return answer.status == 200
        except (URLError, OSError):
            return False

    def wait_for(self, holds, seconds=90):
        give_up = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < give_up, self.said()
            assert self.process.poll() is None, self.said()
            time.sleep(0.2)

    def running(self):
        """The noted processes that live, by name."""
        try:
            noted = json.loads((self.data_dir / "up.processes").read_text())
        except (OSError, ValueError):
            return {}
        names = {"valkey": "broker", "redis": "broker", "gunicorn": "web", " beat ": "beat"}
        return {
            next((name for mark, name in names.items() if mark in command), "worker"): int(pid)
            for pid, command in noted.items()
            if keeper.command_of(int(pid))
        }

    def left_over(self):
        """Living processes that mention the data directory or listen for it."""
        return [pid for pid in self.known if keeper.command_of(pid)]

    def learn(self):
        self.wait_for(lambda: set(self.running()) == set(PARTS))
        (file,) = (self.data_dir / "pg").glob("*/postmaster.pid")
        self.known = [*self.running().values(), keeper.postmaster_of(file.parent)]

    def end(self, number=signal.SIGINT):
        self.process.send_signal(number)
        status = self.process.wait(60)
        give_up = time.monotonic() + 30
        while self.left_over():
            assert time.monotonic() < give_up, [keeper.command_of(pid) for pid in self.known]
            time.sleep(0.2)
        return status


@contextlib.contextmanager
def installed():
    """An installation that is not started; what it started is gone at the end."""
    directory = Path(mkdtemp(prefix="wafa-up-"))
    # The account of the database must be able to pass; its own files are closed to others.
    directory.chmod(0o711)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    made = Installation(directory / "var", port)
    try:
        yield made
    finally:
        if made.process and made.process.poll() is None:
            made.process.terminate()
            made.process.wait(60)
        give_up = time.monotonic() + 10
        while directory.exists() and time.monotonic() < give_up:
            shutil.rmtree(directory, ignore_errors=True)
