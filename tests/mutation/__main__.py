"""`make mutants`: break the engine in one place at a time and see whether a test fails.

Nothing on disk changes: each mutant lives in a process of its own, which runs the tests of the
engine without a database and stops at the first failure. The table says which test killed which
mutant; survivors are listed again, and some mean the same as what they break.
"""

import argparse
import random
import sys
from collections import Counter
from pathlib import Path

from tests.mutation import breaking, running

PARTS = (
    "campaigns/engine",
    "loyalty_project/core/formulas",
    "loyalty_project/core/predicates",
    "loyalty_project/core/money.py",
)


def modules():
    for part in PARTS:
        path = running.ROOT / part
        yield from sorted(path.rglob("*.py")) if path.is_dir() else [path]


def found(only, seed):
    """File → its mutants, shuffled; files with nothing to break have an empty list."""
    rng = random.Random(seed)
    names = {str(path.relative_to(running.ROOT)): path for path in modules()}
    every = {name: breaking.mutants(name, path.read_text()) for name, path in names.items()}
    for mutants in every.values():
        rng.shuffle(mutants)
    return {name: mutants for name, mutants in every.items() if only in name}


def sample(every, most, per_file):
    """So many mutants of each file, or so many of all, then an equal share of each file."""
    waiting = {name: list(mutants[:per_file]) for name, mutants in every.items()}
    chosen = []
    while any(waiting.values()) and (per_file or len(chosen) < most):
        chosen += [mutants.pop() for mutants in waiting.values() if mutants]
    return chosen if per_file else chosen[:most]


def line(*cells):
    sys.stdout.write("| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |\n")
    sys.stdout.flush()


def tell(every, ends):
    """The table of files, and the survivors once more."""
    tried = Counter(mutant.path for mutant, _ in ends)
    killed = Counter(mutant.path for mutant, killer in ends if killer)
    sys.stdout.write("\n")
    line("file", "to break", "tried", "killed")
    line(*["---"] * 4)
    for name, mutants in every.items():
        line(name, len(mutants), tried[name], killed[name])
    for mutant, killer in ends:
        if not killer:
            sys.stdout.write(f"survived  {mutant}\n")
    share = killed.total() / max(1, tried.total())
    sys.stdout.write(f"{killed.total()} of {tried.total()} killed, {share:.1%}\n")


def main():
    read = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    read.add_argument("--seed", type=int, default=1)
    read.add_argument("--most", type=int, default=200, help="so many mutants at most")
    read.add_argument("--per-file", type=int, help="so many of each file, instead of --most")
    read.add_argument("--seconds", type=int, default=1800, help="begin no mutant after that")
    read.add_argument("--workers", type=int, default=2)
    read.add_argument("--only", default="", help="files whose path, or path:line, has this in it")
    given = read.parse_args()
    if "campaigns.engine" in sys.modules:
        sys.exit("The engine was imported before it could be broken")
    if running.fails_already():
        sys.exit("The tests fail without a mutant already")
    path, _, number = given.only.partition(":")
    every = found(path, given.seed)
    if number:
        every = {name: [each for each in mutants if each.line == int(number)]
                 for name, mutants in every.items()}  # fmt: skip
    chosen = sample(every, given.most, given.per_file)
    sys.stdout.write(f"{len(chosen)} of {sum(map(len, every.values()))} mutants\n\n")
    line("file", "line", "mutation", "killed by")
    line(*["---"] * 4)
    ends = []
    for mutant, killer in running.ends(chosen, given.workers, given.seconds):
        ends.append((mutant, killer))
        line(Path(mutant.path), mutant.line, f"`{mutant.was}` → `{mutant.said}`", killer or "—")
    tell(every, ends)


if __name__ == "__main__":
    main()
