"""A million codes, against COPY of the same rows into the same table.

No server runs: each step is a process of its own, so that its memory is its own too.
"""

import json
import os

CODES = int(os.environ.get("BENCH_MANY_CODES", "1000000"))


def codes(installation):
    """At most 2 × COPY, below 300 MB."""
    file = str(installation.data_dir.parent / "codes.rows")
    prepare(installation)
    ours = step(installation, f"make_codes('bench', {CODES}, {file!r})")
    search = step(installation, "search_codes('bench')")
    plain = step(installation, f"copy_codes({file!r})")
    return {
        f"make {CODES:,} codes": _beside(ours, plain),
        "  COPY of the same rows": plain,
        "  search for a beginning": search,
    }


def _beside(ours, plain):
    return {"to_copy": round(ours["cpu_s"] / plain["cpu_s"], 2), **ours}


def prepare(installation):
    for arguments in (("migrate",), ("create_project", "--name", "Bench", "--slug", "bench")):
        done = installation.run(*arguments)
        assert not done.returncode, done.stderr


def step(installation, call, module="scale_inside"):
    code = f"from tests.benchmarks import {module}; {module}.{call}"
    done = installation.run("shell", "-c", code)
    assert not done.returncode, done.stderr
    told = done.stdout.strip().rsplit("\n", 1)[-1]
    return json.loads(told) if told.startswith("{") else {}
