"""CSV files of each kind, against COPY and INSERT … ON CONFLICT of the rows that they became.

No server runs: each step is a process of its own, so that its memory is its own too. Each round
has every step, so that neighbours disturb ours and the baseline alike.
"""

import os
import statistics

from tests.benchmarks.scale import prepare, step

ROWS = int(os.environ.get("BENCH_ROWS", "100000"))
KINDS = ("customers", "coupons", "cards", "products", "orders")
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "1"))


def measure(installation, kind):
    """At most 3 × COPY and INSERT … ON CONFLICT, below 300 MB; the same file again: nothing."""
    csv, copies = (str(installation.data_dir.parent / f"{kind}.{end}") for end in ("csv", "rows"))
    prepare(installation)
    _inside(installation, f"write_file({kind!r}, {ROWS}, {csv!r})")
    rounds = [_round(installation, kind, csv, copies) for _ in range(ROUNDS)]
    ours, again, plain = (list(found) for found in zip(*rounds, strict=True))
    return {
        f"import {ROWS:,} {kind}": _beside(ours, plain),
        "  the same file again": _beside(again, plain),
        "  COPY, INSERT … ON CONFLICT": _median(plain),
    }


def _round(installation, kind, csv, copies):
    _inside(installation, f"empty({kind!r})")
    ours = _inside(installation, f"import_file({kind!r}, 'bench', {csv!r})")
    again = _inside(installation, f"import_file({kind!r}, 'bench', {csv!r})")
    _inside(installation, f"keep_rows({kind!r}, {copies!r})")
    plain = _inside(installation, f"copy_rows({kind!r}, {copies!r})")
    return ours, again, plain


def _inside(installation, call):
    return step(installation, call, module="files_inside")


def _beside(ours, plain):
    ratios = [one["cpu_s"] / other["cpu_s"] for one, other in zip(ours, plain, strict=True)]
    return {"to_copy": round(statistics.median(ratios), 2), **_median(ours)}


def _median(rounds):
    return {name: statistics.median_high([each[name] for each in rounds]) for name in rounds[0]}
