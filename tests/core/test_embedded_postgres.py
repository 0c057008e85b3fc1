"""The embedded PostgreSQL is there for whoever joins, and gone after the last one."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import mkdtemp

import psycopg
import pytest

from loyalty_project.core import embedded
from loyalty_project.core.embedded import binaries, keeper, postgres

ROOT = Path(__file__).resolve().parents[2]
HOLD = """
import sys, time
from pathlib import Path
from loyalty_project.core.embedded import postgres
use = postgres.join(Path(sys.argv[1]), throw_away=True)
print("joined", flush=True)
time.sleep(float(sys.argv[2]))
"""


@pytest.fixture
def data_dir():
    """A directory that goes with its server; not tmp_path, whose parents are closed to others."""
    directory = Path(mkdtemp(prefix="wafa-test-"))
    directory.chmod(0o711)
    yield directory
    eventually(lambda: not directory.exists())


def hold(data_dir, seconds=60):
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(data_dir), str(seconds)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def joined(holder):
    return holder.stdout.readline().strip() == "joined"


def end(holder, number=signal.SIGKILL):
    holder.send_signal(number)
    holder.wait()
    holder.stdout.close()


def eventually(holds, seconds=30):
    give_up = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < give_up, "it did not happen in time"
        time.sleep(0.05)


def postmaster(data_dir):
    (file,) = (data_dir / "pg").glob("*/postmaster.pid")
    return keeper.postmaster_of(file.parent)


def query(data_dir, statement):
    host = str(embedded.postgres_socket(data_dir).parent)
    with psycopg.connect(host=host, user=embedded.ROLE, dbname=embedded.DATABASE) as connection:
        return connection.execute(statement).fetchone()


def test_makes_the_database_and_a_role_without_the_powers_of_a_superuser(data_dir):
    use = postgres.join(data_dir, throw_away=True)

    assert query(data_dir, "SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = 'wafa'") == (
        False,
        True,
    )
    assert query(data_dir, "SHOW server_encoding") == ("UTF8",)
    assert query(data_dir, "SHOW timezone") == ("UTC",)
    assert query(data_dir, "SHOW listen_addresses") == ("",)

    use.release()


def test_keeps_its_data_from_one_start_to_the_next(data_dir):
    first = hold(data_dir)
    joined(first)
    first_postmaster = postmaster(data_dir)
    second = postgres.join(data_dir, throw_away=True)
    with psycopg.connect(
        host=str(embedded.postgres_socket(data_dir).parent), user="wafa", dbname="wafa"
    ) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    end(first)

    keeper.stop(data_dir / "pg")
    restarted = second.ensure()

    assert restarted
    assert query(data_dir, "SELECT number FROM kept") == (7,)
    assert postmaster(data_dir) != first_postmaster
    second.release()


def test_two_that_start_at_once_share_one_server(data_dir):
    holders = [hold(data_dir) for _ in range(3)]

    assert all(joined(holder) for holder in holders)
    assert len(list((data_dir / "pg").glob("[0-9]*"))) == 1
    assert postgres.answers(data_dir)

    for holder in holders:
        end(holder)


def test_the_server_stays_while_one_user_is_left(data_dir):
    first, second = hold(data_dir), hold(data_dir)
    assert joined(first)
    assert joined(second)

    end(first)
    time.sleep(0.3)

    assert postgres.answers(data_dir)
    end(second, signal.SIGTERM)
    eventually(lambda: not postgres.answers(data_dir))


def test_the_server_ends_when_its_only_user_is_killed(data_dir):
    holder = hold(data_dir)
    assert joined(holder)
    server = postmaster(data_dir)

    end(holder, signal.SIGKILL)

    eventually(lambda: not keeper.command_of(server))


def test_a_killed_server_is_started_again(data_dir):
    use = postgres.join(data_dir, throw_away=True)
    os.kill(postmaster(data_dir), signal.SIGKILL)
    eventually(lambda: not postgres.answers(data_dir))

    assert use.ensure()
    assert query(data_dir, "SELECT 1") == (1,)
    assert not use.ensure()

    use.release()


def test_a_number_that_another_program_has_by_now_does_not_keep_the_server_out(data_dir):
    use = postgres.join(data_dir, throw_away=True)
    keeper.stop(data_dir / "pg")
    (data,) = (data_dir / "pg").glob("[0-9]*")
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n0\n5432\n\n\n0 0\nready\n")

    assert use.ensure()

    use.release()


def test_a_path_too_long_for_a_socket_gets_a_short_one():
    deep = Path("/srv") / ("long" * 40)

    socket = embedded.postgres_socket(deep)

    assert str(socket).startswith("/tmp/wafa-")
    assert socket != embedded.broker_socket(deep)
    assert len(str(socket)) < 100
    assert str(embedded.postgres_socket(Path("/srv/var"))) == "/srv/var/pg/run/.s.PGSQL.5432"


def test_works_with_a_path_too_long_for_a_socket(data_dir):
    deep = data_dir / ("long" * 30)
    deep.mkdir(mode=0o755)
    use = postgres.join(deep, throw_away=True)

    assert query(deep, "SELECT 1") == (1,)

    use.release()
    eventually(lambda: not deep.exists())
    embedded.postgres_socket(deep).parent.rmdir()
    data_dir.rmdir()


def test_says_what_to_do_when_there_are_no_binaries(data_dir, monkeypatch):
    monkeypatch.setenv("EMBEDDED_PG_BIN", str(data_dir))

    with pytest.raises(embedded.Unavailable, match="EMBEDDED_PG_BIN"):
        postgres.join(data_dir, throw_away=True)


def test_prefers_the_version_that_made_the_data(tmp_path):
    found = binaries.find(tmp_path)
    (tmp_path / str(found.major)).mkdir()

    assert binaries.find(tmp_path) == found


def test_a_secret_key_is_made_once_and_is_closed_to_others(tmp_path):
    key = embedded.secret_key(tmp_path)

    assert embedded.secret_key(tmp_path) == key
    assert len(key) >= 50
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0
