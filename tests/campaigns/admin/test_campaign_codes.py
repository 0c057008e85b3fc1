"""The buttons of a campaign that touch its codes."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from campaigns.models import Voucher
from loyalty_project.core.models import AsyncAction
from tests.factories.campaign import CampaignFactory
from tests.factories.voucher import VoucherFactory

pytestmark = pytest.mark.usefixtures("in_project")
BUTTONS = {"add_codes", "import_codes", "export_codes"}


@pytest.fixture
def campaign():
    found = CampaignFactory()
    VoucherFactory(code="A1", campaign=found)
    return found


@pytest.fixture
def planner(person):
    """`planner("add_voucher")`: may do all with campaigns, and that with codes."""

    def log_in(*on_codes):
        person("Viewer")
        group = Group.objects.create(name="Planner")
        held = Permission.objects.filter(content_type__app_label="campaigns")
        group.permissions.set(
            held.filter(content_type__model="campaign") | held.filter(codename__in=on_codes)
        )
        return person("Planner")

    return log_in


def do(http, campaign, name):
    data = {"export_codes": {}, "add_codes": {"count": "1"}}.get(name)
    data = {"file": SimpleUploadedFile("codes.csv", b"Code\nB2\n")} if data is None else data
    return http.post(reverse("admin:campaigns_campaign_do", args=[campaign.pk, name]), data)


def shown(http, campaign):
    page = http.get(reverse("admin:campaigns_campaign_change", args=[campaign.pk]))
    return {button["name"] for button in page.context["page_buttons"]} & BUTTONS


@pytest.mark.parametrize("name", sorted(BUTTONS))
def test_codes_need_a_permission_of_their_own(planner, campaign, name):
    http = planner()

    assert shown(http, campaign) == set()
    assert do(http, campaign, name).status_code == 403
    assert Voucher.objects.get().code == "A1"
    assert not AsyncAction.objects.exists()


@pytest.mark.parametrize("name", sorted(BUTTONS))
def test_each_button_asks_for_its_own(planner, campaign, name):
    http = planner(f"{name.removesuffix('_codes')}_voucher")

    assert shown(http, campaign) == {name}
    assert do(http, campaign, name).status_code in {200, 302}
