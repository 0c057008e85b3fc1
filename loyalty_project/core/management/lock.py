"""At most one `up` per data directory."""

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path

from django.core.management import CommandError

from loyalty_project.core import embedded


@contextlib.contextmanager
def alone(data_dir: Path, *, note: str) -> Iterator[None]:
    """Hold the data directory; whoever else wants it is told `note`."""
    with embedded.ours(data_dir):
        data_dir.mkdir(parents=True, exist_ok=True)
        lock = (data_dir / "up.lock").open("a+")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            message = f"{data_dir} is in use: {lock.read().strip()}"
            raise CommandError(message) from error
        lock.truncate(0)
        lock.write(note)
        lock.flush()
        yield
