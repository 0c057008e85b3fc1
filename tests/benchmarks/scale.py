"""A million codes and a file of customers, against COPY of the same rows into the same table.

No server runs: each step is a process of its own, so that its memory is its own too.
"""

import json
import os

CODES = int(os.environ.get("BENCH_MANY_CODES", "1000000"))
ROWS = int(os.environ.get("BENCH_ROWS", "100000"))


def codes(installation):
    """At most 2 × COPY, below 300 MB."""
    file = str(installation.data_dir.parent / "codes.rows")
    _prepare(installation)
    ours = _step(installation, f"make_codes('bench', {CODES}, {file!r})")
    search = _step(installation, "search_codes('bench')")
    plain = _step(installation, f"copy_codes({file!r})")
    return {
        f"make {CODES:,} codes": _beside(ours, plain),
        "  COPY of the same rows": plain,
        "  search for a beginning": search,
    }


def customers(installation):
    """At most 3 × COPY and INSERT … ON CONFLICT, below 300 MB; the same file again: nothing."""
    directory = installation.data_dir.parent
    csv, file = str(directory / "customers.csv"), str(directory / "customers.rows")
    _prepare(installation)
    _step(installation, f"write_customers({ROWS}, {csv!r})")
    ours = _step(installation, f"import_customers('bench', {csv!r}, {file!r})")
    again = _step(installation, f"import_customers('bench', {csv!r})")
    plain = _step(installation, f"copy_customers({file!r})")
    return {
        f"import {ROWS:,} customers": _beside(ours, plain),
        "  the same file again": _beside(again, plain),
        "  COPY, INSERT … ON CONFLICT": plain,
    }


def _beside(ours, plain):
    return {"to_copy": round(ours["cpu_s"] / plain["cpu_s"], 2), **ours}


def _prepare(installation):
    for arguments in (("migrate",), ("create_project", "--name", "Bench", "--slug", "bench")):
        done = installation.run(*arguments)
        assert not done.returncode, done.stderr


def _step(installation, call):
    code = f"from tests.benchmarks import scale_inside; scale_inside.{call}"
    done = installation.run("shell", "-c", code)
    assert not done.returncode, done.stderr
    told = done.stdout.strip().rsplit("\n", 1)[-1]
    return json.loads(told) if told.startswith("{") else {}
