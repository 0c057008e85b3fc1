"""The pages of campaigns, as a marketer uses them."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from campaigns.models import Campaign, Voucher
from loyalty_project.core.models import AsyncAction
from tests.factories.campaign import CampaignFactory
from tests.factories.category import CategoryFactory
from tests.factories.publication import PublicationFactory
from tests.factories.voucher import UsageDeltaFactory, VoucherFactory

pytestmark = pytest.mark.usefixtures("in_project")
LIST = "admin:campaigns_campaign_changelist"
ADD = "admin:campaigns_campaign_add"


def page(campaign):
    return reverse("admin:campaigns_campaign_change", args=[campaign.pk])


def do(campaign, name):
    return reverse("admin:campaigns_campaign_do", args=[campaign.pk, name])


def form(**changes):
    return {
        "name": "Autumn",
        "description": "",
        "type": "STATIC",
        "count": "1,000",
        "pattern": "AUTUMN-######",
        "charset": "ABCDEFGHJKMNPQRSTUVWXYZ23456789",
        "prefix": "",
        "public_code": "",
        "redemption_limit": "1",
        "discount_type": "PERCENT",
        "percent_off": "12.5",
        "amount_limit": "20",
        "amount_off": "",
        "fixed_amount": "",
        "active": "on",
        "metadata": "{}",
        **changes,
    }


@pytest.mark.requirement(94)
def test_a_marketer_makes_a_campaign_and_sees_the_bar(person, work):
    http = person("Marketer")
    assert http.get(reverse(ADD)).status_code == 200

    answer = http.post(reverse(ADD), form(weekdays=["1", "5"], hours_from="16:00"), follow=True)

    campaign = Campaign.objects.get()
    assert answer.request["PATH_INFO"] == page(campaign)
    assert 'data-progress="' in answer.content.decode()
    assert campaign.generation_status == "IN_PROGRESS"
    assert campaign.voucher_template["discount"] == {
        "type": "PERCENT",
        "percent_off": 12.5,
        "amount_limit": 2000,
    }
    assert campaign.validity_hours == {"daily": [{"start_time": "16:00", "days_of_week": [1, 5]}]}
    change = campaign.history.get()
    assert change.history_user.username.startswith("person")
    work()
    assert Voucher.objects.filter(campaign=campaign, code__startswith="AUTUMN-").count() == 1000
    assert "1,000" in http.get(page(campaign)).content.decode()


def test_a_marketer_types_a_public_code(person):
    answer = person("Marketer").post(
        reverse(ADD),
        form(
            type="STANDALONE",
            public_code="BLACKFRIDAY",
            redemption_limit="",
            discount_type="AMOUNT",
            amount_off="10",
        ),
    )

    assert answer.status_code == 302
    voucher = Voucher.objects.get()
    assert (voucher.code, voucher.redemption_limit) == ("BLACKFRIDAY", None)
    assert voucher.definition.data["discount"] == {"type": "AMOUNT", "amount_off": 1000}


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"pattern": "A-#", "count": "500"}, "31 distinct codes"),
        ({"percent_off": "101"}, "Enter a percentage from 0 to 100."),
        ({"percent_off": ""}, "This field is required"),
        ({"type": "STANDALONE"}, "Type the code."),
        ({"name": "Taken"}, "Duplicated campaign exists"),
    ],
)
def test_shows_what_is_wrong_at_the_form(person, changes, text):
    CampaignFactory(name="Taken")

    answer = person("Marketer").post(reverse(ADD), form(**changes))

    assert answer.status_code == 200
    assert text in answer.content.decode()
    assert Campaign.objects.count() == 1
    assert not AsyncAction.objects.exists()


def test_changes_what_can_be_changed_and_keeps_the_rest(person, at):
    campaign = CampaignFactory(
        name="Autumn",
        category=CategoryFactory(),
        metadata={"a": 1, "gone": 2},
        activity_duration_after_publishing="PT36H",
        validity_timeframe={"interval": "P2D", "duration": "P1D"},
        starts_at=at,
    )
    http = person("Marketer")
    assert http.get(page(campaign)).status_code == 200

    answer = http.post(
        page(campaign),
        {
            "description": "New",
            "discount_type": "PERCENT",
            "percent_off": "10",
            "redemption_limit": "1",
            "category": "",
            "metadata": '{"a": 1}',
            "starts_at": "2026-03-02T13:00:00",
        },
    )

    assert answer.status_code == 302, answer.context["errors"]
    campaign.refresh_from_db()
    assert (campaign.name, campaign.description, campaign.category) == ("Autumn", "New", None)
    assert campaign.metadata == {"a": 1}
    assert campaign.activity_duration_after_publishing == "PT36H"
    assert campaign.validity_timeframe == {"interval": "P2D", "duration": "P1D"}
    assert (campaign.version, campaign.generation_status) == (2, "DONE")


def test_begins_the_week_where_people_do(person):
    http = person("Marketer")
    http.cookies["django_language"] = "fa"

    form = http.get(reverse(ADD)).context["adminform"].form

    assert [value for value, _label in form.fields["weekdays"].choices][:2] == ["6", "0"]


def test_counts_what_matters(person):
    campaign = CampaignFactory(vouchers_count=3)
    VoucherFactory(campaign=campaign, publish_count=1, redeemed_count=1)
    UsageDeltaFactory(voucher__campaign=campaign, count=5)

    found = person("Marketer").get(page(campaign)).context["page_figures"]

    numbers = [(str(label), re.sub(r"\D", "", str(value))) for label, value in found]
    assert numbers[:3] == [("Codes", "3"), ("Published", "1"), ("Redeemed", "6")]


@pytest.mark.requirement(93, 94)
def test_a_marketer_uses_the_switch_on_the_list_after_confirming(person):
    campaign = CampaignFactory(vouchers_count=3)
    http = person("Marketer")
    chosen = {"action": "disable", "_selected_action": [campaign.pk]}

    asked = http.post(reverse(LIST), chosen)
    campaign.refresh_from_db()
    assert campaign.active
    assert "3 codes stop working at once" in asked.content.decode()

    http.post(reverse(LIST), {**chosen, "confirmed": "yes"})

    campaign.refresh_from_db()
    assert not campaign.active
    change = campaign.history.latest()
    assert (change.history_user.username[:6], change.ip) == ("person", "127.0.0.1")


@pytest.mark.requirement(93, 94)
def test_a_marketer_uses_the_switch_on_the_page(person):
    campaign = CampaignFactory()
    http = person("Marketer")

    assert http.get(do(campaign, "turn_off")).status_code == 200
    http.post(do(campaign, "turn_off"), {"confirmed": "yes"})

    campaign.refresh_from_db()
    assert not campaign.active
    assert "Off" in http.get(reverse(LIST)).content.decode()


@pytest.mark.requirement(94)
def test_support_neither_sees_nor_uses_the_switch(person):
    campaign = CampaignFactory()
    http = person("Support agent")

    shown = http.get(page(campaign)).content.decode()
    listed = http.get(reverse(LIST)).content.decode()
    refused = http.post(do(campaign, "turn_off"), {"confirmed": "yes"})
    chosen = {"action": "disable", "_selected_action": [campaign.pk], "confirmed": "yes"}
    http.post(reverse(LIST), chosen)

    assert "/do/turn_off/" not in shown
    assert 'value="disable"' not in listed
    assert refused.status_code == 403
    campaign.refresh_from_db()
    assert campaign.active


def test_adds_more_codes(person, work):
    campaign = CampaignFactory()
    http = person("Marketer")

    one = http.post(do(campaign, "add_codes"), {"count": "1"})
    many = http.post(do(campaign, "add_codes"), {"count": "20"})
    work()

    assert one.url == page(campaign)
    action = AsyncAction.objects.get()
    assert many.url == reverse("admin:core_asyncaction_change", args=[action.pk])
    assert Voucher.objects.filter(campaign=campaign).count() == 21


def test_imports_codes_from_a_file(person, work):
    campaign = CampaignFactory()
    http = person("Marketer")
    file = SimpleUploadedFile("codes.csv", b"Code,Season\nA1,Fall\nA2,\n", "text/csv")

    assert (
        'enctype="multipart/form-data"' in http.get(do(campaign, "import_codes")).content.decode()
    )
    answer = http.post(do(campaign, "import_codes"), {"file": file})
    work()

    action = AsyncAction.objects.get()
    assert answer.url == reverse("admin:core_asyncaction_change", args=[action.pk])
    codes = (
        Voucher.objects.filter(campaign=campaign).order_by("code").values_list("code", "metadata")
    )
    assert list(codes) == [("A1", {"Season": "Fall"}), ("A2", {})]


@pytest.mark.requirement(98)
def test_exports_the_codes_as_a_stream(person):
    campaign = CampaignFactory(name="Autumn sale")
    VoucherFactory(code="=A1", campaign=campaign)
    VoucherFactory(code="B2", campaign=campaign, redeemed_count=1, publish_count=1)
    VoucherFactory(code="OTHER")

    answer = person("Marketer").post(do(campaign, "export_codes"), {})

    assert answer.streaming
    assert answer["Content-Disposition"] == 'attachment; filename="autumn-sale-codes.csv"'
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert lines == [
        "\ufeffCode,Active,Published,Redeemed,Redemption limit,Start,Expiration",
        "'=A1,TRUE,0,0,1,,",
        "B2,TRUE,1,1,1,,",
    ]


def test_deletes_into_the_bin(person, work):
    campaign = CampaignFactory()
    PublicationFactory(voucher__campaign=campaign, campaign=campaign)
    http = person("Marketer")
    delete = reverse("admin:campaigns_campaign_delete", args=[campaign.pk])

    assert http.get(delete).status_code == 200
    http.post(delete, {"post": "yes"})
    work()

    campaign.refresh_from_db()
    assert campaign.deleted_at is not None
    assert http.get(reverse(LIST)).context["cl"].result_count == 0
