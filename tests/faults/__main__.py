"""Kill web, worker and database under load, and see that nothing is lost and nothing done twice.

`python -m tests.faults --seconds 60 --clients 200 --seed 1` starts an installation of its own with
an embedded PostgreSQL that writes through, and removes it. Exit status 1 if anything does not hold.
"""

import argparse
import os
import shutil
import signal
import sys
from pathlib import Path

from tests.installation import installed
from tests.receiver import listening

SURE = ("fsync", "synchronous_commit", "full_page_writes")


def main():
    asked = _asked()
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, _interrupt)
    try:
        with installed() as installation, listening() as receiver:
            installation.environment["WEBHOOK_ALLOW_PRIVATE"] = "true"
            installation.start()
            status = _run(installation, receiver, asked)
            installation.learn()
            ended = installation.end(signal.SIGTERM)
    except KeyboardInterrupt:
        _say("INTERRUPTED: everything is stopped and removed")
        sys.exit(130)
    if ended or installation.data_dir.exists():
        _say(f"FAIL  the installation ended with {ended}, or left {installation.data_dir}")
        status = 1
    _say("HOLDS" if status == 0 else "DOES NOT HOLD")
    sys.exit(status)


def _asked():
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="of load and kills")
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1, help="of what is left to chance")
    parser.add_argument("--kills", type=int, help="at most so many")
    parser.add_argument("--hurry", action="store_true", help="wait for no lease of a killed sender")
    parser.add_argument("--keep", type=Path, metavar="DIRECTORY", help="for journal and log")
    return parser.parse_args()


def _run(installation, receiver, asked):
    """The exit status of one run, whose figures and findings are told."""
    for name in ("DATABASE_URL", "WAFA_TESTING", "SECRET_KEY", "CELERY_BROKER_URL"):
        os.environ.pop(name, None)
    os.environ.update(installation.environment, DJANGO_SETTINGS_MODULE="loyalty_project.settings")
    import django

    django.setup()
    from tests.faults import kills, run

    with kills.connect() as connection:
        (found,) = connection.execute(
            f"SELECT {', '.join(f'current_setting({name!r})' for name in SURE)}"
        ).fetchall()
        version = connection.info.server_version // 10_000
    switches = ", ".join(f"{name}={value}" for name, value in zip(SURE, found, strict=True))
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    _say(f"PostgreSQL {version}, {switches}, {load}, {asked.clients} clients, seed {asked.seed}")
    if set(found) != {"on"}:
        _say("FAIL  the database must write through")
        return 1
    plan = run.Plan(asked.seconds, asked.clients, asked.seed, asked.kills, asked.hurry)
    file = installation.data_dir.parent / "journal.jsonl"
    figures, findings = run.run(installation, receiver, plan, file)
    if asked.keep:
        asked.keep.mkdir(parents=True, exist_ok=True)
        for kept in (file, installation.log):
            shutil.copy(kept, asked.keep)
    _tell(figures)
    for finding in findings:
        _say(f"{'ok  ' if finding.holds else 'FAIL'}  {finding.said}: {finding.seen}")
    return 0 if all(finding.holds for finding in findings) else 1


def _tell(figures):
    for name, value in figures.lines.items():
        _say(f"      {name}: {value}")
    for kind, group in figures.by_kind().items():
        _say(f"      {kind}: {len(group)} kills, {figures.felt(group)}")
    for name, counted in (("errors", figures.seen.errors), ("refusals", figures.seen.refusals)):
        told = ", ".join(f"{count} × {kind}" for kind, count in counted.most_common())
        _say(f"      {name}: {told or 'none'}")


def _say(line):
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _interrupt(_number, _frame):
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
