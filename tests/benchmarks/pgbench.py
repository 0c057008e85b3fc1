"""The writes of a recorded redemption as a script of pgbench, on the same server and rows."""

import json
import re
import subprocess

from loyalty_project.core import embedded
from tests.benchmarks.bare import MARK

_WRITES = ("INSERT", "UPDATE", "DELETE")


def run(database, recording, *, clients, seconds, whole=False):
    """Transactions per second: of the writes, a round trip each, or of all that ours sends."""
    script = recording.with_suffix(".pgbench")
    script.write_text((_whole if whole else _writes)(json.loads(recording.read_text())))
    told = subprocess.run(
        [
            *(database.program("pgbench"), "--no-vacuum", "--file", script),
            *("--client", str(clients), "--jobs", "2", "--time", str(max(1, round(seconds)))),
            *("--host", database.directory, "--username", embedded.ROLE, embedded.DATABASE),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    rate = re.search(r"tps = ([\d.]+)", told.stdout)
    assert rate, told
    assert "failed transactions: 0 " in told.stdout, told
    return float(rate[1])


def _writes(statements):
    """One transaction of what is written; the rest is left out."""
    kept = [
        (place, statement)
        for place, statement in enumerate(statements)
        if statement["atomic"] and statement["sql"].startswith(_WRITES)
    ]
    return _script([_sent(place, statement) for place, statement in kept])


def _whole(statements):
    """The transaction as it is sent: reads between the writes, several in one round trip."""
    lines, piped = [], []
    for place, statement in enumerate(statements):
        if not statement["atomic"]:
            continue
        if statement["piped"]:
            piped.append(_text(statement["sql"]))
            continue
        lines += _together(piped)
        lines.append(_sent(place, statement))
        piped = []
    return _script([*lines, *_together(piped)])


def _together(texts):
    return [" \\; ".join(texts) + ";"] if texts else []


def _sent(place, statement):
    text = _text(statement["sql"])
    if statement["key"] is None:
        return text + ";"
    if "UNNEST" in text:  # several rows, whose keys nobody needs
        return text.rpartition(" RETURNING ")[0] + ";"
    return rf"{text} \gset k{place}_"


def _text(sql):
    return MARK.sub(_variable, sql).replace("\n", " ")


def _script(lines):
    return "\n".join([r"\set new random(1, 9000000000000000)", "BEGIN;", *lines, "COMMIT;", ""])


def _variable(mark):
    known, number, prefix = mark.groups()
    return f":k{number}_id" if known else f"{prefix}{number}x:new"
