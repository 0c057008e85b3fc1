"""`make mutants`: break the engine in one place at a time and see whether a test fails.

Nothing on disk changes: each mutant lives in a process of its own, which runs the tests of the
engine without a database and stops at the first failure. Survivors are listed; some mean the same
as what they break.
"""

import argparse
import os
import random
import re
import resource
import sys
import time
from importlib.machinery import SourceFileLoader
from pathlib import Path

import hypothesis
import pytest

from tests.mutation import breaking

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("campaigns/engine", "loyalty_project/core/predicates", "loyalty_project/core/money.py")
QUICK = ("tests/core/test_money.py", "tests/core/predicates", "tests/campaigns/engine")
SLOW = ("best", "properties", "suggestions", "oracle", "index")
CPU_SECONDS = 120
READ_ONCE = (pytest, hypothesis)
OPTIONS = (
    "-c", os.devnull, f"--rootdir={ROOT}", "--noconftest", "--import-mode=importlib",
    "-p", "no:django", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:randomly",
    "-x", "-q", "-m", "not nightly", "-W", "ignore",
)  # fmt: skip


def modules():
    for part in PARTS:
        path = ROOT / part
        yield from sorted(path.rglob("*.py")) if path.is_dir() else [path]


def sample(seed, most, only):
    """So many mutants, an equal share of each file as far as it has them."""
    rng = random.Random(seed)
    files = []
    for path in modules():
        name = str(path.relative_to(ROOT))
        if only in name:
            found = breaking.mutants(name, path.read_text())
            rng.shuffle(found)
            files.append(found)
    total = sum(map(len, files))
    chosen = []
    while len(chosen) < min(most, total):
        for found in files:
            if found and len(chosen) < most:
                chosen.append(found.pop())
    rng.shuffle(chosen)
    return chosen, total


def tests(mutant):
    """Those that speak of the module, then all of them, the quick ones first."""
    files = [path for part in QUICK for path in _files(ROOT / part)]
    files.sort(key=lambda path: any(word in path for word in SLOW))
    if mutant is None:
        return [files]
    path = Path(mutant.path)
    name = path.parent.name if path.stem == "__init__" else path.stem
    near = [each for each in files if re.search(rf"\b{name}\b", Path(each).read_text())]
    named = [each for each in files if name in Path(each).name]
    return [each for each in (named, near, files) if each]


def _files(path):
    found = sorted(path.rglob("test_*.py")) if path.is_dir() else [path]
    return [str(each) for each in found]


def begin(mutant):
    """A process in which the mutant lives; its status is 0 where all tests pass."""
    pid = os.fork()
    if pid:
        return pid
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    _serve(mutant)
    runs = (int(pytest.main([*OPTIONS, *files])) for files in tests(mutant))
    os._exit(next((status for status in runs if status), 0))


def _serve(mutant):
    """From here on the module is imported broken."""
    path = str(ROOT / mutant.path) if mutant is not None else ""
    code_of = SourceFileLoader.get_code

    def get_code(self, name):
        if self.path != path:
            return code_of(self, name)
        return compile(breaking.broken(Path(path).read_text(), mutant.number), path, "exec")

    SourceFileLoader.get_code = get_code


def survivors(mutants, workers, seconds):
    """Those that no test noticed, and how many were tried in the time."""
    left, tried = [], 0
    give_up = time.monotonic() + seconds
    waiting, running = list(mutants), {}
    while running or (waiting and time.monotonic() < give_up):
        while waiting and len(running) < workers and time.monotonic() < give_up:
            mutant = waiting.pop()
            running[begin(mutant)] = mutant
        pid, status = os.waitpid(-1, 0)
        mutant = running.pop(pid)
        tried += 1
        if status == 0:
            left.append(mutant)
            sys.stdout.write(f"survived  {mutant}\n")
            sys.stdout.flush()
    return left, tried


def main():
    read = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    read.add_argument("--seed", type=int, default=1)
    read.add_argument("--most", type=int, default=200, help="so many mutants at most")
    read.add_argument("--seconds", type=int, default=1800, help="begin no mutant after that")
    read.add_argument("--workers", type=int, default=2)
    read.add_argument("--only", default="", help="files whose path has this in it")
    given = read.parse_args()
    if "campaigns.engine" in sys.modules:
        sys.exit("The engine was imported before it could be broken")
    _, status = os.waitpid(begin(None), 0)
    if status:
        sys.exit("The tests fail without a mutant already")
    chosen, total = sample(given.seed, given.most, given.only)
    left, tried = survivors(chosen, given.workers, given.seconds)
    killed = tried - len(left)
    sys.stdout.write(
        f"{tried} of {total} mutants tried (seed {given.seed}): {killed} killed, "
        f"{len(left)} survived, {killed / max(1, tried):.1%} killed\n"
    )


if __name__ == "__main__":
    main()
