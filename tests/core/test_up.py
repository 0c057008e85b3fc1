"""`manage.py up` as people meet it: one command starts everything, Ctrl-C ends everything."""

import os
import signal

import pytest

from loyalty_project.core.embedded import keeper
from tests.installation import PARTS, installed


@pytest.fixture
def installation():
    with installed() as made:
        yield made


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
