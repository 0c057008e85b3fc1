"""The feed in the order of commits: who began first and commits last is read last, and is read."""

import threading

import pytest
from django.db import connection, transaction

from loyalty_project.core import clock, dispatch, feed, outbox, tenancy
from loyalty_project.core.models import OutboxEvent

pytestmark = pytest.mark.django_db(transaction=True)


def emit(project, subject):
    outbox.emit("order.paid", project=project, subject=subject, data={}, at=clock.now())


def read(project, after):
    page = feed.read(project=project, after=after, limit=100, at=clock.now())
    return [event.subject for event in page.events], page.cursor


@pytest.mark.requirement(207)
def test_an_event_with_a_lower_id_that_commits_later_is_not_skipped(in_project):
    begun, go_on = threading.Event(), threading.Event()

    def slow():
        with tenancy.scope(in_project), transaction.atomic():
            emit(in_project, "slow")
            begun.set()
            go_on.wait(10)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    begun.wait(10)
    with transaction.atomic():
        emit(in_project, "quick")
    dispatch.dispatch(at=clock.now())
    first, cursor = read(in_project, None)
    go_on.set()
    thread.join()
    dispatch.dispatch(at=clock.now())
    second, last = read(in_project, cursor)

    assert (first, second, read(in_project, last)[0]) == (["quick"], ["slow"], [])
    assert list(OutboxEvent.objects.order_by("pk").values_list("subject", flat=True)) == [
        "slow",
        "quick",
    ]


def test_two_dispatchers_at_once_place_each_event_once(in_project, at_once):
    for number in range(40):
        with transaction.atomic():
            emit(in_project, f"ord_{number}")

    def place():
        return dispatch.dispatch(at=clock.now())

    assert sum(at_once([place] * 6)) == 40
    assert read(in_project, None)[0] == [f"ord_{number}" for number in range(40)]
