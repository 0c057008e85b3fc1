"""A real server and worker over the test database, as processes of their own."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote

from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
WORKER = """
import time, django
django.setup()
from loyalty_project.core import tasks
while True:
    tasks.work()
    time.sleep(0.1)
"""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def environment() -> dict[str, str]:
    """As this process, but on the test database, which Django has given another name."""
    settings = connection.settings_dict
    user = quote(settings["USER"] or "")
    if settings["PASSWORD"]:
        user += f":{quote(settings['PASSWORD'])}"
    host = quote(settings["HOST"] or "", safe="/")
    address = f"{user}@{host}:{settings['PORT']}" if settings["PORT"] else f"{user}@/{host}"
    if settings["PORT"] and host.startswith("/"):
        address = f"{user}@/{host}"
    return {
        **os.environ,
        "DATABASE_URL": f"postgres://{address}/{settings['NAME']}",
        "DJANGO_SETTINGS_MODULE": "loyalty_project.settings",
        "PYTHONPATH": str(ROOT),
        "ALLOWED_HOSTS": "127.0.0.1",
        "LOG_LEVEL": "WARNING",
    }


@contextmanager
def running(*, log: Path) -> Iterator[str]:
    """The address of a gunicorn that answers /readyz, with a worker beside it."""
    port = free_port()
    web = [sys.executable, "-m", "gunicorn", "django.core.wsgi:get_wsgi_application()"]
    web += ["--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", "4"]
    with log.open("w") as out:
        processes = [
            subprocess.Popen(command, env=environment(), stdout=out, stderr=out, cwd=ROOT)
            for command in (web, [sys.executable, "-c", WORKER])
        ]
        try:
            _wait_for(f"http://127.0.0.1:{port}/readyz", log)
            yield f"http://127.0.0.1:{port}"
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(timeout=20)


def _wait_for(url: str, log: Path) -> None:
    for _ in range(300):
        with suppress(URLError, ConnectionError), urllib.request.urlopen(url) as answer:
            if answer.status == 200:
                return
        time.sleep(0.1)
    message = f"{url} never answered 200:\n{log.read_text()[-3000:]}"
    raise AssertionError(message)
