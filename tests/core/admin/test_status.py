"""The status page says how the installation is, and what to do."""

from datetime import timedelta

import pytest

from loyalty_project.core import clock, jobs
from loyalty_project.core.models import Heartbeat

PAGE = "/admin/status/"


@pytest.fixture
def beating(db):
    for name in ("worker", "beat"):
        jobs.beat(name, at=clock.now())


@pytest.mark.requirement(214)
@pytest.mark.usefixtures("beating")
def test_says_that_everything_is_well(root):
    body = root.get(PAGE).content.decode()

    assert "Everything is well" in body
    assert "Needs attention" not in body
    assert body.count("#circle-check") == 8


@pytest.mark.requirement(214)
@pytest.mark.usefixtures("beating")
def test_names_a_silent_worker_and_what_to_do(root):
    Heartbeat.objects.filter(name="worker").update(seen_at=clock.now() - timedelta(minutes=10))

    body = root.get(PAGE).content.decode()

    assert "Something needs attention" in body
    assert "last seen 600 s ago" in body
    assert "Start a worker" in body
    assert body.count("Needs attention") == 1


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("Administrator", 200),
        ("Manager", 200),
        ("Developer", 200),
        ("Marketer", 403),
        ("Junior marketer", 403),
        ("Support agent", 403),
        ("Viewer", 403),
    ],
)
def test_is_for_those_who_may_see_jobs(staff, role, status):
    http = staff(role)

    assert http.get(PAGE).status_code == status
    assert (PAGE in http.get("/admin/").content.decode()) is (status == 200)


def test_cannot_be_kept_by_a_cache(root):
    assert "no-store" in root.get(PAGE)["Cache-Control"]


def test_asks_little(root, django_assert_max_num_queries):
    with django_assert_max_num_queries(35):
        root.get(PAGE)
