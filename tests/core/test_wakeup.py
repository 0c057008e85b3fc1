"""Waking workers never fails, and is left out where nobody could hear it."""

import pytest
from celery import current_app
from kombu.exceptions import OperationalError
from structlog.testing import capture_logs

from loyalty_project.core import wakeup


@pytest.fixture(autouse=True)
def nothing_offered_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wakeup, "_next", {})


def test_a_broker_that_is_down_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_options: object) -> None:
        raise OperationalError

    monkeypatch.setattr(current_app, "send_task", refuse)
    with capture_logs() as logs:
        wakeup.wake_workers()
    assert [(line["event"], line["log_level"]) for line in logs] == [("wakeup_failed", "warning")]


def test_while_nobody_is_there_to_wake_nothing_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    offered: list[str] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, **_options: offered.append(name))
    with wakeup.nobody_to_wake():
        wakeup.wake_workers()
        assert offered == []
    wakeup.wake_workers()
    wakeup.wake_workers()
    wakeup.wake_sender()
    assert offered == ["core.work", "core.send_webhooks"]
