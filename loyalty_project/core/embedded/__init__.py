"""Where the embedded services listen, known without starting them.

Settings call these two when `DATABASE_URL` and `CELERY_BROKER_URL` are unset. Nothing in this
package imports Django, so that it can be used before settings are read.
"""

import contextlib
import os
import secrets
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

ROLE = "wafa"
DATABASE = "wafa"

# The shortest limit among the systems we run on is 104 bytes (macOS), with the final zero.
_LONGEST_SOCKET_PATH = 100
_POSTGRES_SOCKET = ".s.PGSQL.5432"


class Unavailable(RuntimeError):
    """An embedded service cannot run here as things are; the text says what to do."""


def database_url(data_dir: Path) -> str:
    """URL of the embedded database of `data_dir`, in the form that django-environ reads.

    The host is a socket directory: `postgres://wafa@//path/to/socket/directory/wafa`.
    """
    return f"postgres://{ROLE}@/{quote(str(postgres_socket(data_dir).parent))}/{DATABASE}"


def broker_url(data_dir: Path) -> str:
    """URL of the embedded broker of `data_dir`, in the form that Celery reads."""
    return f"redis+socket://{quote(str(broker_socket(data_dir)))}"


def secret_key(data_dir: Path) -> str:
    """The signing key of an installation that was given none: made once, kept in `data_dir`."""
    file = Path(data_dir) / "secret_key"
    with ours(file.parent):
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            _make_key(file)
        return file.read_text()


@contextlib.contextmanager
def ours(directory: Path) -> Iterator[None]:
    """Say what to do where the files of another account are met."""
    try:
        yield
    except PermissionError as error:
        message = f"{directory} belongs to another account: run as that one, or set WAFA_DATA_DIR."
        raise Unavailable(message) from error


def _make_key(file: Path) -> None:
    draft = file.with_name(f".secret_key-{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as new:
        new.write(secrets.token_urlsafe(50))
    # A link, not a rename: the first of several processes decides for all.
    with contextlib.suppress(FileExistsError):
        os.link(draft, file)
    draft.unlink()


def postgres_socket(data_dir: Path) -> Path:
    """Path of the socket on which the embedded PostgreSQL listens."""
    return _short(Path(data_dir).resolve() / "pg" / "run") / _POSTGRES_SOCKET


def broker_socket(data_dir: Path) -> Path:
    """Path of the socket on which the embedded broker listens."""
    return _short(Path(data_dir).resolve() / "broker") / "broker.sock"


def _short(directory: Path) -> Path:
    if len(str(directory / _POSTGRES_SOCKET).encode()) <= _LONGEST_SOCKET_PATH:
        return directory
    # Not tempfile.gettempdir(): every process must agree, whatever its TMPDIR says.
    return Path("/tmp") / f"wafa-{sha256(str(directory).encode()).hexdigest()[:16]}"
