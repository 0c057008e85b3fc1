"""What work costs the processor, here and in the backend of PostgreSQL, and its memory."""

import contextlib
import os
import resource
import time
from pathlib import Path

from django.db import connection


class Cost:
    """Seconds of the processor of this process and of its backend; megabytes at the most so far."""

    def __init__(self):
        self.client = self.backend = 0.0

    @property
    def seconds(self):
        return self.client + self.backend

    def figures(self):
        return {
            "cpu_s": round(self.seconds, 2),
            "client_s": round(self.client, 2),
            "postgres_s": round(self.backend, 2),
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }


@contextlib.contextmanager
def counted():
    """`with counted() as cost:` on the one connection of this process, which must stay open."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    cost = Cost()
    ours, theirs = time.process_time(), _spent_by(backend)
    yield cost
    cost.client, cost.backend = time.process_time() - ours, _spent_by(backend) - theirs


def _spent_by(pid):
    """User and system seconds of another process (proc(5), stat: 14 and 15)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
