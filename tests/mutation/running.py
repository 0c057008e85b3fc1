"""Processes in which a mutant lives, and what killed it."""

import os
import re
import resource
import signal
import time
from importlib.machinery import SourceFileLoader
from pathlib import Path

import hypothesis
import pytest

from tests.mutation import breaking

ROOT = Path(__file__).resolve().parents[2]
QUICK = (
    "tests/core/test_money.py", "tests/core/predicates", "tests/core/formulas",
    "tests/campaigns/engine",
)  # fmt: skip
SLOW = ("best", "properties", "suggestions", "oracle", "index")
CPU_SECONDS = 60
READ_ONCE = (pytest, hypothesis)
OPTIONS = (
    "-c", os.devnull, f"--rootdir={ROOT}", "--noconftest", "--import-mode=importlib",
    "-p", "no:django", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:randomly",
    "-x", "-q", "-m", "not nightly", "-W", "ignore",
)  # fmt: skip


def fails_already():
    """Whether a test fails where nothing is broken."""
    pid, _ = _begin(None)
    return os.waitpid(pid, 0)[1] != 0


def ends(mutants, workers, seconds):
    """Each mutant with what killed it, "" for a survivor; begins none after so many seconds."""
    give_up = time.monotonic() + seconds
    waiting, alive = list(reversed(mutants)), {}
    while alive or (waiting and time.monotonic() < give_up):
        while waiting and len(alive) < workers and time.monotonic() < give_up:
            mutant = waiting.pop()
            pid, said = _begin(mutant)
            alive[pid] = mutant, said
        pid, status = os.waitpid(-1, 0)
        mutant, said = alive.pop(pid)
        with os.fdopen(said) as text:
            yield mutant, _killer(status, text.readline().strip())


def _killer(status, said):
    if os.WIFSIGNALED(status):
        ended = os.WTERMSIG(status) in {signal.SIGXCPU, signal.SIGKILL}
        return "its endless run" if ended else "a crash"
    return "" if status == 0 else said or "its import"


def _begin(mutant):
    """Its status is 0 where all tests pass; the other end of the pipe names the one that fails."""
    said, says = os.pipe()
    pid = os.fork()
    if pid:
        os.close(says)
        return pid, said
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    _serve(mutant)
    plugins = [Witness(says)]
    runs = (int(pytest.main([*OPTIONS, *files], plugins)) for files in _tests(mutant))
    os._exit(next((status for status in runs if status), 0))


class Witness:
    """Writes down the first test that fails."""

    def __init__(self, says):
        self.says = says

    def pytest_collectreport(self, report):
        self.pytest_runtest_logreport(report)

    def pytest_runtest_logreport(self, report):
        if report.failed:
            os.write(self.says, f"{report.nodeid[:200]}\n".encode())


def _tests(mutant):
    """Those that speak of the module, then the others, the quick ones first."""
    files = [path for part in QUICK for path in _files(ROOT / part)]
    files.sort(key=lambda path: any(word in path for word in SLOW))
    if mutant is None:
        return [files]
    path = Path(mutant.path)
    name = path.parent.name if path.stem == "__init__" else path.stem
    near = [each for each in files if re.search(rf"\b{name}\b", Path(each).read_text())]
    named = [each for each in near if name in Path(each).name]
    rest = [each for each in files if each not in near]
    near = [each for each in near if each not in named]
    return [each for each in (named, near, rest) if each]


def _files(path):
    found = sorted(path.rglob("test_*.py")) if path.is_dir() else [path]
    return [str(each) for each in found]


def _serve(mutant):
    """From here on the module is imported broken."""
    path = str(ROOT / mutant.path) if mutant is not None else ""
    code_of = SourceFileLoader.get_code

    def get_code(self, name):
        if self.path != path:
            return code_of(self, name)
        return compile(breaking.broken(Path(path).read_text(), mutant.number), path, "exec")

    SourceFileLoader.get_code = get_code
