"""Pages of the back office in a real browser: accessible, inside the screen, without complaints."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from campaigns.models import Campaign, Voucher
from customers.models import Customer
from loyalty_project.core import tenancy
from tests.core.admin import pages
from tests.factories.campaign import CampaignFactory
from tests.factories.user import UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "a long pass phrase 17"
# Of what holds nothing is said, and no style sheet is read once more.
QUICK = {"resultTypes": ["violations"], "preload": False}
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture
def rows(project):
    """One row of every model that has pages."""
    return {model: pages.make(model, project) for model in pages.MODELS}


@pytest.fixture
def root(project):
    user = UserFactory(is_superuser=True, username="root")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def signed_in(live_server, page, root):
    """The page, signed in; `page.complaints` fills with what the console says."""
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(f"{live_server.url}/admin/login/")
    page.fill("input[name=username]", root.username)
    page.fill("input[name=password]", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_url(f"{live_server.url}/admin/")
    return page


def addresses(rows):
    """Pages of their own; list, forms and page of every model; the history, which looks the same
    everywhere, of one."""
    yield from ("/admin/", "/admin/audit/", "/admin/status/", "/admin/preferences/")
    yield "/admin/second-factor/"
    yield from ("/admin/campaigns/apology/policy/", "/admin/campaigns/campaign/calendar/")
    if Customer in rows:
        yield f"/admin/campaigns/apology/issue/{rows[Customer].pk}/"
    for model, row in rows.items():
        found = pages.addresses(model, row)
        names = ("list", "add", "change", *(["history"] if model is Campaign else []))
        yield from (found[name] for name in names if name in found)


def shown(page, live_server, rows):
    """Every address whose page answers, opened one after the other."""
    for address in addresses(rows):
        answer = page.goto(f"{live_server.url}{address}")
        if answer.status == 200:
            yield address
        else:
            page.complaints.clear()


def faults(page):
    """Rules of axe that the page breaks, with the first place of each."""
    return [
        (fault["id"], fault["nodes"][0]["html"][:120])
        for fault in Axe().run(page, options=QUICK).response["violations"]
    ]


def overflow(page):
    """The width of the page where that is more than a phone has."""
    width = page.evaluate("document.documentElement.scrollWidth")
    return [width] if width > PHONE["width"] else []


def test_every_page_is_accessible_and_fits_a_phone(signed_in, live_server, rows):
    signed_in.set_viewport_size(WIDE)

    found = {}
    for address in shown(signed_in, live_server, rows):
        broken = faults(signed_in)
        signed_in.set_viewport_size(PHONE)
        if broken := [*broken, *overflow(signed_in)]:
            found[address] = broken
        signed_in.set_viewport_size(WIDE)

    assert found == {}


def test_the_dark_theme_is_accessible(signed_in, live_server, rows):
    signed_in.set_viewport_size(WIDE)
    signed_in.emulate_media(color_scheme="dark")
    some = {model: row for model, row in rows.items() if model in {Campaign, Voucher}}

    found = {}
    for address in shown(signed_in, live_server, some):
        if broken := faults(signed_in):
            found[address] = broken

    assert found == {}


def test_every_page_fits_a_phone_from_right_to_left(signed_in, live_server, rows, root):
    root.language = "fa"
    root.save()
    signed_in.set_viewport_size(PHONE)

    found = {}
    for address in shown(signed_in, live_server, rows):
        if broken := overflow(signed_in):
            found[address] = broken

    assert found == {}
    assert signed_in.complaints == []


def test_the_drawer_opens_and_closes_by_keyboard(signed_in):
    signed_in.set_viewport_size(PHONE)

    signed_in.focus("[data-toggle-drawer]")
    signed_in.keyboard.press("Enter")
    assert signed_in.locator("#sidebar").is_visible()
    signed_in.keyboard.press("Escape")

    signed_in.wait_for_selector("#sidebar", state="hidden")
    assert signed_in.evaluate("document.activeElement.hasAttribute('data-toggle-drawer')")


def test_a_slash_searches(signed_in, project):
    with tenancy.scope(project):
        CampaignFactory(name="Winter warmers")

    signed_in.keyboard.press("/")
    signed_in.keyboard.type("Wint")
    signed_in.wait_for_selector("#top-hits a")
    signed_in.keyboard.press("ArrowDown")
    signed_in.keyboard.press("Enter")

    signed_in.wait_for_selector("h1:has-text('Winter warmers')")
    assert signed_in.complaints == []


def test_a_selection_brings_up_the_actions_with_a_count(signed_in, live_server, project):
    with tenancy.scope(project):
        CampaignFactory.create_batch(2)
    signed_in.goto(f"{live_server.url}/admin/campaigns/campaign/")
    assert not signed_in.locator("#changelist .actions").is_visible()

    signed_in.check("#action-toggle")
    assert "2 of 2 selected" in signed_in.inner_text("#changelist .actions")
    signed_in.select_option("select[name=action]", "disable")
    signed_in.click("#changelist .actions button")

    signed_in.wait_for_selector("h1:has-text('Disable')")
    assert signed_in.complaints == []


def test_edits_metadata_as_rows_and_as_json(signed_in, live_server):
    signed_in.goto(f"{live_server.url}/admin/core/metadataschema/add/")
    signed_in.click("text=+ Add")
    signed_in.fill(".pair input >> nth=0", "tier")
    signed_in.fill(".pair input >> nth=1", "gold")
    signed_in.click("button:has-text('JSON')")

    assert signed_in.input_value("textarea[data-pairs]") == '{\n  "tier": "gold"\n}'


def test_asks_before_unsaved_changes_are_lost(signed_in, live_server):
    asked = []

    def answer(dialog):
        asked.append(dialog.type)
        dialog.accept()

    signed_in.on("dialog", answer)
    signed_in.goto(f"{live_server.url}/admin/core/metadataschema/add/")
    signed_in.wait_for_timeout(100)
    signed_in.fill("#id_related_object", "customer")
    signed_in.goto(f"{live_server.url}/admin/")

    assert asked == ["beforeunload"]


def test_remembers_the_theme(signed_in, live_server):
    signed_in.set_viewport_size(WIDE)
    signed_in.click("[data-toggle-theme]")

    signed_in.goto(f"{live_server.url}/admin/audit/")

    assert signed_in.get_attribute("html", "data-theme") == "dark"
