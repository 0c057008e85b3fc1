"""What `up` and `reset_demo` stand on."""

import socket

import pytest
from django.core.management import CommandError, call_command

from loyalty_project.core.embedded import processes
from loyalty_project.core.management import demo, lock, services, static_files


def test_a_free_port_is_free(unused_port):
    assert services.why_not_listen("127.0.0.1", unused_port) == ""


def test_a_taken_port_is_named_with_another_to_take(unused_port):
    with socket.socket() as other:
        other.bind(("127.0.0.1", unused_port))
        other.listen(1)
        reason = services.why_not_listen("127.0.0.1", unused_port)

    assert reason == (
        f"Port {unused_port} is in use by another program."
        f" Take another: PORT={unused_port + 1} make run"
    )


def test_a_host_that_is_not_ours_is_named():
    reason = services.why_not_listen("192.0.2.1", 8000)

    assert reason.startswith("Nothing can listen on 192.0.2.1:8000: ")


def test_a_data_directory_serves_one_at_a_time(tmp_path):
    with (
        lock.alone(tmp_path, note="the first one works."),
        pytest.raises(CommandError, match=r"is in use: the first one works\."),
        lock.alone(tmp_path, note="never"),
    ):
        pytest.fail("two hold the same data directory")

    with lock.alone(tmp_path, note="the second one works."):
        assert (tmp_path / "up.lock").read_text() == "the second one works."


def test_shows_logins_and_keys_of_the_demo():
    shown = demo.lines(
        {
            "logins": [
                {"role": "Manager", "username": "mia", "password": "p1", "project": "coffee"},
                {"role": "Viewer", "username": "vic", "password": "secret2", "project": "coffee"},
            ],
            "api_keys": [
                {"project": "coffee", "kind": "server", "app_id": "id-1", "app_token": "token-1"}
            ],
        }
    )

    assert shown == [
        "  Role     User  Password  Project",
        "  Manager  mia   p1        coffee",
        "  Viewer   vic   secret2   coffee",
        "",
        "  Project  Key     X-App-Id  X-App-Token",
        "  coffee   server  id-1      token-1",
    ]
    assert demo.lines({}) == []


def test_static_files_are_collected_once(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "static"

    assert static_files.collect()
    assert (tmp_path / "static" / "admin" / "css" / "base.css").is_file()
    assert not static_files.collect()


def test_nothing_is_known_of_a_demo_that_was_not_loaded(tmp_path):
    assert demo.access(tmp_path) == {}


def test_a_note_about_processes_that_are_gone_ends_nobody(tmp_path):
    note = tmp_path / "up.processes"
    note.write_text('{"1": "a program that is not the first one", "999999999": "gone"}')

    assert processes.clear_left_over(note)
    assert not note.exists()
    assert not processes.clear_left_over(note)


def test_a_database_of_ones_own_is_not_emptied(settings):
    settings.EMBEDDED = False

    with pytest.raises(CommandError, match="--not-embedded"):
        call_command("reset_demo", "--yes")


@pytest.fixture
def unused_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
