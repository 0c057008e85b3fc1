"""A short run against a real installation: processes die, nothing is lost, nothing is left.

Whether processes or files are left, the run looks itself, and does not hold then.
"""

import subprocess
import sys

from tests.installation import ROOT


def test_nothing_is_lost_when_processes_die(tmp_path):
    short = ["--seconds=8", "--clients=6", "--kills=3", "--seed=5", "--hurry"]
    command = [sys.executable, "-m", "tests.faults", *short, f"--keep={tmp_path}"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert run.returncode == 0, f"{run.stdout}\n{run.stderr}"
    assert run.stdout.endswith("HOLDS\n")
    assert "FAIL" not in run.stdout
    assert "fsync=on, synchronous_commit=on" in run.stdout
    assert run.stdout.count(" 1 kills, ") == 3
