"""Seconds of the processor that servers and their database backends spend, from /proc."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg

from loyalty_project.core import embedded
from loyalty_project.core.embedded import binaries
from loyalty_project.core.management import services

ROOT = Path(__file__).resolve().parents[2]
DURABLE = ("server_version", "fsync", "synchronous_commit", "full_page_writes")


class Database:
    """The PostgreSQL of a started installation, looked at from outside."""

    def __init__(self, installation):
        self.directory = embedded.postgres_socket(installation.data_dir).parent
        self.data_dir = installation.data_dir
        self.line = psycopg.connect(
            host=str(self.directory), user="postgres", dbname=embedded.DATABASE, autocommit=True
        )

    def settings(self):
        """What PostgreSQL says of itself."""
        return {name: self.one(f"SHOW {name}") for name in DURABLE}

    def one(self, sql, *values):
        return self.line.execute(sql, values).fetchone()[0]

    def backends(self, name):
        """Process ids of the backends of processes that call themselves so."""
        sql = "SELECT pid FROM pg_stat_activity WHERE application_name = %s ORDER BY pid"
        return [pid for (pid,) in self.line.execute(sql, [name])]

    def program(self, name):
        """A program of the distribution that runs the server, else of any other that has it."""
        base = self.data_dir / "pg"
        chosen = binaries.find(base).directory
        beside = [chosen, *binaries._directories()]
        return next(each / name for each in beside if (each / name).is_file())


class Server:
    """Web processes, with the backends of the database that they use."""

    def __init__(self, master, database, name, port):
        self.master, self.database, self.name, self.port = master, database, name, port

    def seconds(self):
        """`(processes, backends)`: seconds so far, and which backends these are."""
        backends = self.database.backends(self.name)
        web = sum(spent_by(pid) for pid in [self.master, *children_of(self.master)])
        return web, {pid: spent_by(pid) for pid in backends}

    @contextlib.contextmanager
    def counted(self):
        """`with server.counted() as cost:` seconds, in `cost["web_s"]` and `cost["postgres_s"]`."""
        web, backends = self.seconds()
        cost = {}
        yield cost
        web_after, backends_after = self.seconds()
        cost["web_s"] = web_after - web
        # One that is new began with nothing.
        cost["postgres_s"] = sum(
            spent - backends.get(pid, 0) for pid, spent in backends_after.items()
        )
        assert set(backends) <= set(backends_after), "A backend ended: measure again"


def ours(installation, database):
    return Server(installation.running()["web"], database, "web", installation.port)


@contextlib.contextmanager
def bare(installation, database, recording):
    """A server as ours is, with nothing but the bare view."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = installation.environment | {
        "BENCH_RECORDING": str(recording),
        "DATABASE_POOL": "true",
        "DJANGO_SETTINGS_MODULE": "tests.benchmarks.bare_settings",
        "WAFA_PROCESS": "bare",
        "LOG_LEVEL": "WARNING",
    }
    process = subprocess.Popen(
        services._web("127.0.0.1", port), cwd=ROOT, env=environment, stdout=sys.stderr
    )
    try:
        _wait_for(port, process)
        yield Server(process.pid, database, "bare", port)
    finally:
        process.terminate()
        process.wait(30)


def spent_by(pid):
    """User and system seconds of a process (proc(5), stat: 14 and 15)."""
    fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def children_of(pid):
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, IndexError):
            if int(_stat(entry.name)[1]) == pid:
                found.append(int(entry.name))
    return found


def _stat(pid):
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _wait_for(port, process):
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up:
        assert process.poll() is None, "The bare server did not start"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.2)
    raise TimeoutError


def machine():
    """Its cores and what else they do, for the head of a table."""
    load = os.getloadavg()[0]
    return {"cores": os.cpu_count(), "load": round(load, 1)}
