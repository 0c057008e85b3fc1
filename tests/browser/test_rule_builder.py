"""A rule and a campaign without JSON, without a mouse, and without a fault that axe knows."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from campaigns.models import Campaign, ValidationRule
from loyalty_project.core import tenancy
from loyalty_project.core.services import roles
from tests.factories.collection import CollectionFactory
from tests.factories.product import ProductFactory
from tests.factories.user import member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "a long pass phrase 17"
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
LONDON = {
    "1": {"name": "wafa.customer.attribute", "property": "city",
          "conditions": {"$is": ["London"]}},
    "2": {"name": "wafa.customer.spend", "property": "",
          "conditions": {"$more_than_or_equal": [100_000]}},
    "3": {"name": "wafa.customer.redemptions", "property": "P6M", "conditions": {"$is": [0]}},
    "logic": "1 and 2 and 3",
}  # fmt: skip


@pytest.fixture
def marketer(project):
    roles.sync()
    person = member(project=project, role="Marketer", username="marketer")
    person.set_password(PASSWORD)
    person.save()
    return person


@pytest.fixture
def signed_in(live_server, page, marketer):
    """The page, signed in; `page.complaints` fills with what the console says."""
    page.complaints, page.is_probed = [], False

    def hear(message):
        # Axe is not silent itself; what follows it on a page is not heard.
        if not page.is_probed:
            page.complaints.append(message.text)

    def come(_frame):
        page.is_probed = False

    page.on("console", hear)
    page.on("framenavigated", come)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.set_viewport_size(WIDE)
    page.goto(f"{live_server.url}/admin/login/")
    page.fill("input[name=username]", marketer.username)
    page.fill("input[name=password]", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_url(f"{live_server.url}/admin/")
    return page


def faults(page):
    """What axe finds on a page that was silent so far."""
    assert page.complaints == []
    page.is_probed = True
    return [
        (fault["id"], fault["nodes"][0]["html"][:160])
        for fault in Axe().run(page).response["violations"]
    ]


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def tab_to(page, name):
    """Go on with the tabulator until the field or button of a name has the focus."""
    for _ in range(60):
        label = page.evaluate(
            "(document.activeElement.getAttribute('aria-label')"
            " ?? document.activeElement.labels?.[0]?.textContent"
            " ?? document.activeElement.value ?? document.activeElement.textContent).trim()"
        )
        button = page.evaluate("document.activeElement.textContent.trim()")
        if name in {label, button}:
            return
        press(page, "Tab")
    raise AssertionError(f"no way to {name!r} by keyboard")


def choose(page, name, words):
    """Pick an entry of a list by typing its words."""
    tab_to(page, name)
    page.keyboard.type(words)
    shown = page.evaluate("document.activeElement.selectedOptions[0].textContent")
    assert shown == words


def add_condition(page, fact):
    tab_to(page, "Add condition")
    press(page, "Enter")
    choose(page, "What", fact)


@pytest.mark.requirement(38)
def test_the_rule_of_the_london_coupon_by_keyboard_alone(signed_in, live_server, project):
    page = signed_in
    page.goto(f"{live_server.url}/admin/campaigns/validationrule/add/")
    tab_to(page, "Name")
    page.keyboard.type("London")

    add_condition(page, "Customer profile")
    choose(page, "Field of the profile", "City")
    tab_to(page, "Value")
    page.keyboard.type("London")
    press(page, "Enter")
    add_condition(page, "Coupons used")
    choose(page, "In which time", "in the last …")
    tab_to(page, "How many")
    page.keyboard.type("6")
    choose(page, "Comparison", "is exactly")
    tab_to(page, "Value")
    page.keyboard.type("0")
    add_condition(page, "Money spent")
    tab_to(page, "Value (EUR)")
    page.keyboard.type("1000")
    press(page, "Alt+ArrowUp")

    said = page.locator("[data-sentences]")
    said.get_by_text("must be at least 1,000.00 EUR").wait_for()
    assert faults(page) == []
    tab_to(page, "Save")
    press(page, "Enter")
    page.wait_for_url(f"{live_server.url}/admin/campaigns/validationrule/")

    with tenancy.scope(project):
        assert ValidationRule.objects.get().definition.data["rules"] == LONDON
    assert page.complaints == []


def test_groups_items_and_errors_at_the_row(signed_in, live_server, project):
    page = signed_in
    with tenancy.scope(project):
        CollectionFactory(name="Teas")
    page.goto(f"{live_server.url}/admin/campaigns/validationrule/add/")
    page.fill("[name=name]", "Tea")
    page.click("text=Add group")
    page.select_option("[data-key$=':fact']", label="At least one item")
    page.fill(".picker [role=combobox]", "tea")
    page.click("[role=option]:has-text('Teas')")
    page.click("summary[aria-label=More]  >> nth=1")
    page.click("text=Condition on these items")
    page.select_option(".rule-inner [data-key$=':fact']", label="Units of the item")
    page.click("[name=_save]")

    page.locator(".rule-inner .errorlist").get_by_text("Enter a value.").wait_for()
    assert faults(page) == []
    page.fill(".rule-inner [data-key$=':value']", "2")
    page.click("[name=_save]")
    page.wait_for_url(f"{live_server.url}/admin/campaigns/validationrule/")

    with tenancy.scope(project):
        rule = ValidationRule.objects.get().definition.data["rules"]["1"]
    assert rule["conditions"]["$is"][0]["object"] == "products_collection"
    assert rule["rules"]["1"]["conditions"] == {"$more_than_or_equal": [2]}


def test_from_a_recipe_to_a_campaign(signed_in, live_server, project):
    page = signed_in
    with tenancy.scope(project):
        ProductFactory(name="Green tea", source_id="tea", price=1000, search_name="green tea")
    page.goto(f"{live_server.url}/admin/campaigns/campaign/add/")
    page.click("text=Start from a recipe")
    assert faults(page) == []
    page.click("text=Buy some, get some")
    page.fill(".picker [role=combobox]", "gre")
    page.click("[role=option]:has-text('Green tea')")
    assert faults(page) == []
    page.click("text=Fill in the form")

    example = page.locator(".example tfoot")
    example.get_by_text("10.00 EUR").wait_for()
    page.fill(".example-line input.short", "6")
    example.get_by_text("20.00 EUR").wait_for()
    assert faults(page) == []
    page.fill("[name=name]", "Three for two")
    page.fill("[name=count]", "0")
    page.click("[name=_save]")
    page.wait_for_url(f"{live_server.url}/admin/campaigns/campaign/*/change/")

    with tenancy.scope(project):
        assert [use.rule.name for use in Campaign.objects.get().rule_assignments.all()] == [
            "Buy some, get some · Three for two"
        ]
    assert page.complaints == []


@pytest.mark.parametrize("language", ["en", "fa"])
def test_rows_fit_a_phone(signed_in, live_server, marketer, language):
    marketer.language = language
    marketer.save()
    page = signed_in
    page.set_viewport_size(PHONE)
    page.goto(f"{live_server.url}/admin/campaigns/validationrule/add/")
    for place, fact in enumerate(("wafa.customer.redemptions", "wafa.time", "order.items.any")):
        page.click(".rule-root > .row-of-buttons > button >> nth=0")
        page.select_option(f"[data-key$=':fact'] >> nth={place}", fact)
    page.click(".field-lines .entries button >> nth=0")
    page.click(".entry-more summary")

    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert faults(page) == []
