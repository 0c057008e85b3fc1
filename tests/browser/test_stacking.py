"""A marketer arranges categories by keyboard, and sees what it means before it is saved."""

import pytest

from campaigns.models import Category, StackingRules
from loyalty_project.core import tenancy
from loyalty_project.core.services import roles
from tests.factories.category import CategoryFactory
from tests.factories.user import member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "a long pass phrase 17"
PLACES = ".lines tbody th"
PAIR = "[data-shows=pair]"


@pytest.fixture
def marketer(project):
    with tenancy.scope(project):
        for hierarchy, name in enumerate(["Tea", "Coffee", "Cakes"]):
            CategoryFactory(name=name, hierarchy=hierarchy)
    roles.sync()
    person = member(project=project, role="Marketer", username="marketer")
    person.set_password(PASSWORD)
    person.save()
    return person


@pytest.fixture
def stacking(live_server, page, marketer):
    """The page of the stacking rules."""
    page.goto(f"{live_server.url}/admin/login/")
    page.fill("input[name=username]", marketer.username)
    page.fill("input[name=password]", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_url(f"{live_server.url}/admin/")
    page.goto(f"{live_server.url}/admin/campaigns/stackingrules/")
    return page


@pytest.mark.requirement(251, 252)
def test_the_keyboard_arranges_and_the_preview_follows(stacking, project):
    stacking.check("[name=redeemables_sorting_rule][value=CATEGORY_HIERARCHY]")
    stacking.wait_for_selector(f"{PAIR} >> text=The hierarchy decides: Tea, then Coffee.")
    assert "85.00" in stacking.inner_text(f"{PAIR} .sum >> nth=0")

    stacking.focus(".lines tbody tr:nth-child(1) input")
    stacking.keyboard.press("Alt+ArrowDown")

    stacking.wait_for_selector(f"{PAIR} >> text=The hierarchy decides: Coffee, then Tea.")
    assert stacking.locator(PLACES).all_inner_texts() == ["Coffee", "Tea", "Cakes"]
    assert stacking.inner_text("[data-said]") == "Tea: place 1"
    stacking.keyboard.press("Alt+ArrowDown")
    stacking.wait_for_selector("[data-said] >> text=Tea: place 2")
    assert stacking.locator(PLACES).all_inner_texts() == ["Coffee", "Cakes", "Tea"]

    stacking.keyboard.press("Enter")
    stacking.wait_for_selector(".messagelist")

    with tenancy.scope(project):
        found = Category.objects.order_by("hierarchy").values_list("name", flat=True)
        assert list(found) == ["Coffee", "Cakes", "Tea"]
        assert StackingRules.objects.get().redeemables_sorting_rule == "CATEGORY_HIERARCHY"
