"""The first page that people meet."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

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


def faults(page):
    options = {"resultTypes": ["violations"], "preload": False}
    violations = Axe().run(page, options=options).response["violations"]
    return [(fault["id"], fault["nodes"][0]["html"][:120]) for fault in violations]


def test_an_app_for_one_time_passwords_is_set_up_and_asked_for(live_server, page, project):
    complaints, broken = [], []
    page.on("console", lambda message: complaints.append(message.text))
    user = UserFactory(is_superuser=True, is_staff=True)
    user.set_password("a long pass phrase 17")
    user.save()

    def sign_in():
        page.goto(f"{live_server.url}/admin/")
        page.fill("input[name=username]", user.username)
        page.fill("input[name=password]", "a long pass phrase 17")
        page.click("[type=submit]")

    sign_in()
    page.goto(f"{live_server.url}/admin/second-factor/")
    assert page.locator(".qr svg").bounding_box()["width"] > 150
    device = TOTPDevice.objects.get()
    page.fill("input[name=token]", f"{totp(device.bin_key):06}")
    page.click("button:has-text('Turn on')")
    page.wait_for_selector("text=I have stored them")
    broken += faults(page)
    code = page.inner_text(".recovery li >> nth=0")
    page.context.clear_cookies()
    sign_in()
    page.wait_for_url(f"{live_server.url}/admin/second-step/**")
    broken += faults(page)
    page.fill("input[name=token]", code)
    page.keyboard.press("Enter")

    page.wait_for_url(f"{live_server.url}/admin/")
    assert broken == []
    # axe itself injects a style, which the policy refuses.
    assert [text for text in complaints if "inline style" not in text] == []
