"""How long people stay signed in, and what ends it at once."""

from datetime import timedelta

import pytest
from django.test import Client

from loyalty_project.core.models import User
from tests.person import Person

PASSWORD = "a long walk home"
PAGE = "/admin/preferences/"


@pytest.fixture
def clock(set_clock, at, settings):
    """`clock(minutes)`: so many minutes after noon; 30 idle minutes and 2 hours are allowed."""
    settings.SESSION_IDLE_MINUTES, settings.SESSION_HOURS = 30, 2

    def set_to(minutes):
        set_clock(at + timedelta(minutes=minutes))

    set_to(0)
    return set_to


def is_in(http):
    return http.get(PAGE).status_code == 200


def test_a_page_now_and_then_keeps_people_in_until_the_hours_are_over(staff, clock):
    http = staff("Viewer")
    found = []
    for minutes in (0, 29, 58, 87, 116, 119, 120):
        clock(minutes)
        found.append(is_in(http))

    assert found == [True] * 6 + [False]


def test_without_a_page_for_too_long_people_are_out_and_told_why(staff, clock):
    http = staff("Viewer")
    key = http.session.session_key
    assert is_in(http)
    clock(30)

    page = http.get(PAGE, follow=True)

    assert page.redirect_chain == [(f"/admin/login/?next={PAGE}", 302)]
    assert "You were signed out to be safe." in page.content.decode()
    assert not http.session.exists(key)
    assert "You were signed out" not in http.get("/admin/login/").content.decode()


def test_the_session_is_written_once_a_minute_and_not_with_every_page(
    staff, clock, django_assert_max_num_queries
):
    http = staff("Viewer")
    written = []
    for minutes in (0, 0.5, 1.5):
        clock(minutes)
        with django_assert_max_num_queries(40) as asked:
            http.get(PAGE)
        written.append(sum("UPDATE" in query["sql"] for query in asked))

    assert written == [1, 0, 1]


def test_logging_out_and_a_new_password_end_sessions(staff, project, clock):
    http, other = staff("Viewer", username="ada"), Client()
    user = User.objects.get(username="ada")
    user.set_password(PASSWORD)
    user.save()
    for browser in (http, other):
        browser.post("/admin/login/", {"username": "ada", "password": PASSWORD})
    copied, key = http.cookies["sessionid"].value, other.session.session_key
    change = {"old_password": PASSWORD, "new_password1": "walk home", "new_password2": "walk home"}

    assert is_in(other)
    Person(http, project).post("/admin/password_change/", change)
    assert is_in(http)
    assert not is_in(other)
    assert http.cookies["sessionid"].value not in {copied, key}
    last = http.cookies["sessionid"].value
    Person(http, project).post("/admin/logout/", {})
    http.cookies["sessionid"] = last
    assert not is_in(http)
