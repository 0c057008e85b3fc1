"""A marketer makes a campaign in the browser; a shop uses its codes; the marketer sees it."""

import json
import urllib.request

import pytest

from loyalty_project.core.services import roles
from tests.factories.api_key import server_headers
from tests.factories.project import ProjectFactory
from tests.factories.user import member
from tests.journeys import server

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "a long pass phrase 17"


@pytest.fixture
def shop(transactional_db, reference):
    return ProjectFactory(name="Roaster", slug="roaster")


@pytest.fixture
def marketer(shop):
    roles.sync()
    person = member(project=shop, role="Marketer", username="marketer")
    person.set_password(PASSWORD)
    person.save()
    return person


@pytest.fixture
def address(shop, marketer, tmp_path):
    with server.running(log=tmp_path / "server.log") as found:
        yield found


def sign_in(page, address, person):
    page.goto(f"{address}/admin/login/")
    page.fill("input[name=username]", person.username)
    page.fill("input[name=password]", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_url(f"{address}/admin/")


def call(address, headers, path, body=None):
    request = urllib.request.Request(
        f"{address}{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={**headers, "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def create_campaign(page, address):
    page.goto(f"{address}/admin/campaigns/campaign/add/")
    page.fill("[name=name]", "Winter 2026")
    page.fill("[name=count]", "10000")
    page.fill("[name=pattern]", "WINTER-######")
    page.fill("[name=percent_off]", "12.5")
    page.click("[name=_save]")
    page.wait_for_url(f"{address}/admin/campaigns/campaign/*/change/")


@pytest.mark.requirement(17, 94)
def test_a_campaign_from_the_form_to_the_redemption_that_the_shop_made(
    page, address, shop, marketer
):
    headers = server_headers(shop)
    sign_in(page, address, marketer)

    create_campaign(page, address)
    bar = page.locator("[data-progress]")
    bar.wait_for(timeout=10_000)
    page.get_by_text("10,000", exact=True).first.wait_for(timeout=60_000)
    bar.wait_for(state="detached", timeout=60_000)

    with page.expect_download() as download:
        page.click("text=Export codes")
    lines = download.value.path().read_text().splitlines()
    assert len(lines) == 10_001
    code = next(cell for cell in lines[1].split(",") if cell.startswith("WINTER-"))

    redeemables = [{"object": "voucher", "id": code}]
    body = {"redeemables": redeemables, "order": {"amount": 20000}, "customer": {"source_id": "x"}}
    done = call(address, headers, "/v1/redemptions", body)
    assert done["order"]["total_amount"] == 17500

    page.goto(f"{address}/admin/redemptions/redemption/")
    row = page.locator("#result_list tbody tr").first
    assert code in row.inner_text()
    assert "25.00" in row.inner_text()


@pytest.mark.requirement(93, 94)
def test_the_kill_switch_stops_the_shop_at_once_and_starts_it_again(page, address, shop, marketer):
    headers = server_headers(shop)
    sign_in(page, address, marketer)
    create_campaign(page, address)
    page.get_by_text("10,000", exact=True).first.wait_for(timeout=60_000)
    code = call(address, headers, "/v1/vouchers?limit=1")["vouchers"][0]["code"]
    question = {"redeemables": [{"object": "voucher", "id": code}], "order": {"amount": 1000}}

    page.click("text=Disable")
    assert "10,000" in page.locator("main").inner_text()
    page.locator("main form [type=submit]").last.click()
    page.wait_for_url(f"{address}/admin/campaigns/campaign/*/change/")
    stopped = call(address, headers, "/v1/validations", question)
    page.click("text=Enable")
    page.locator("main form [type=submit]").last.click()
    page.wait_for_url(f"{address}/admin/campaigns/campaign/*/change/")
    started = call(address, headers, "/v1/validations", question)

    assert stopped["redeemables"][0]["result"]["error"]["key"] == "campaign_not_active"
    assert started["valid"] is True
