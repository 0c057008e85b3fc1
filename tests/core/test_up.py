"""`manage.py up` as people meet it: one command starts everything, Ctrl-C ends everything."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from tempfile import mkdtemp
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from loyalty_project.core.embedded import keeper

ROOT = Path(__file__).resolve().parents[2]
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
                [sys.executable, "manage.py", "up", "--no-demo"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait_for(lambda: self.is_ready() and "Ctrl-C" in self.said())

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


@pytest.fixture
def installation():
    directory = Path(mkdtemp(prefix="wafa-up-"))
    directory.chmod(0o711)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    made = Installation(directory / "var", port)
    yield made
    if made.process and made.process.poll() is None:
        made.process.terminate()
        made.process.wait(60)
    time.sleep(1)
    subprocess.run(["rm", "-rf", str(directory)], check=True)


def test_starts_everything_heals_what_dies_and_ends_with_one_interrupt(installation):
    installation.start()
    installation.learn()

    assert f"http://127.0.0.1:{installation.port}/admin/" in installation.said()

    installation.wait_for(lambda: installation.run("doctor").returncode == 0, seconds=30)
    again = installation.run("up")
    assert again.returncode == 1
    assert f"runs already at http://127.0.0.1:{installation.port}" in again.stderr

    elsewhere = installation.run("up", WAFA_DATA_DIR=str(installation.data_dir.parent / "other"))
    assert elsewhere.returncode == 1
    assert f"Port {installation.port} is in use by another program" in elsewhere.stderr
    assert f"PORT={installation.port + 1} make run" in elsewhere.stderr

    first = installation.running()["worker"]
    os.kill(first, signal.SIGKILL)
    installation.wait_for(lambda: installation.running().get("worker", first) != first, seconds=30)
    installation.learn()

    assert installation.end() == 0
    assert installation.said().rstrip().endswith("Stopped.")
    assert not installation.is_ready()


@pytest.mark.nightly
def test_starts_again_whatever_was_killed(installation):
    for part in (*PARTS, "database", "up"):
        installation.start()
        installation.learn()
        if part == "up":
            installation.end(signal.SIGKILL)
            continue
        dying = installation.known[-1] if part == "database" else installation.running()[part]
        os.kill(dying, signal.SIGKILL)
        installation.wait_for(lambda pid=dying: not keeper.command_of(pid))
        installation.wait_for(lambda: installation.run("doctor").returncode == 0)
        installation.learn()
        assert installation.end(signal.SIGTERM) == 0, part

    installation.start()
    installation.learn()
    assert installation.end() == 0


@pytest.mark.parametrize("port", ["http", "0", "70000"])
def test_says_which_ports_there_are(installation, port):
    refused = installation.run("up", PORT=port)

    assert refused.returncode == 1
    assert f"PORT must be a number from 1 to 65535, not '{port}'." in refused.stderr
