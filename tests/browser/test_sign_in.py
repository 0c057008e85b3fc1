"""The first page that people meet."""

import pytest

from tests.factories.user import UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_stranger_is_asked_to_sign_in_and_gets_to_work(live_server, page):
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    user = UserFactory(is_superuser=True, is_staff=True)
    user.set_password("a long pass phrase 17")
    user.save()

    page.goto(f"{live_server.url}/admin/")
    page.fill("input[name=username]", user.username)
    page.fill("input[name=password]", "a long pass phrase 17")
    page.click("[type=submit]")

    page.wait_for_url(f"{live_server.url}/admin/")
    assert page.locator("h1").count() == 1
    assert complaints == []
