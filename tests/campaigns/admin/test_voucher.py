"""The pages of codes."""

import csv
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from campaigns.models import Voucher
from campaigns.services import generation
from loyalty_project.core import codes
from loyalty_project.core.models import AsyncAction, User
from tests.factories.campaign import CampaignFactory
from tests.factories.category import CategoryFactory
from tests.factories.customer import CustomerFactory
from tests.factories.publication import PublicationFactory
from tests.factories.voucher import UsageDeltaFactory, VoucherFactory

pytestmark = pytest.mark.usefixtures("in_project")
LIST = "admin:campaigns_voucher_changelist"
ADD = "admin:campaigns_voucher_add"


def page(voucher):
    return reverse("admin:campaigns_voucher_change", args=[voucher.pk])


def found(http, **params):
    rows = http.get(reverse(LIST), params).context["cl"].result_list
    return sorted(voucher.code for voucher in rows)


def test_finds_codes_by_their_beginning_in_the_case_of_the_project(person, project):
    project.case_sensitive_codes = False
    project.save()
    VoucherFactory(code="Tea-1", code_key="TEA-1")
    VoucherFactory(code="Tea-2", code_key="TEA-2")
    VoucherFactory(code="Iced tea", code_key="ICED TEA")

    assert found(person("Support agent"), q="tea") == ["Tea-1", "Tea-2"]


def test_searches_by_the_index(project):
    generation.add(prototype=VoucherFactory(), config=codes.CodeConfig(prefix="T"), count=3000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE campaigns_voucher")

    plan = Voucher.objects.filter(project=project, code_key__startswith="TEA").explain()

    assert "campaigns_voucher_code" in plan
    assert "code_key)::text >= 'TEA'" in plan


def test_filters_by_state(person, at):
    VoucherFactory(code="ON", redemption_limit=2)
    VoucherFactory(code="OFF", active=False, publish_count=1)
    VoucherFactory(code="ENDED", expires_at=at)
    VoucherFactory(code="USED", redeemed_count=1)
    http = person("Marketer")

    assert found(http, state="off") == ["OFF"]
    assert found(http, state="ended") == ["ENDED"]
    assert found(http, state="used") == ["USED"]
    assert found(http, state="free") == ["ENDED", "ON", "USED"]
    assert found(http) == ["ENDED", "OFF", "ON", "USED"]


@pytest.mark.parametrize(
    ("values", "word", "why"),
    [
        ({}, "Works", "A redemption now would be accepted."),
        ({"active": False}, "Off", "It is switched off."),
        ({"redeemed_count": 1}, "Used up", "It was used 1 of 1 times."),
        ({"campaign__active": False}, "Campaign off", "Its campaign is switched off."),
        ({"validity_day_of_week": [2]}, "Not at this hour", "Its days or hours do not include"),
    ],
)
def test_says_whether_a_code_works_and_why_not(person, set_clock, at, values, word, why):
    set_clock(at)
    campaign = CampaignFactory(
        **{name.partition("__")[2]: value for name, value in values.items() if "__" in name}
    )
    own = {name: value for name, value in values.items() if "__" not in name}
    voucher = VoucherFactory(campaign=campaign, **own)

    text = person("Support agent").get(page(voucher)).content.decode()

    assert word in text
    assert why in text


def test_says_that_a_code_has_not_begun_or_is_over(person, set_clock, at):
    set_clock(at)
    later = VoucherFactory(starts_at=at + timedelta(days=1))
    over = VoucherFactory(expires_at=at)
    http = person("Support agent")

    assert "It has not started yet: it starts on" in http.get(page(later)).content.decode()
    assert "It ended on" in http.get(page(over)).content.decode()


def test_shows_who_was_given_a_code(person):
    voucher = PublicationFactory(customer__name="Grace Hopper").voucher
    UsageDeltaFactory(voucher=voucher, count=2)

    answer = person("Support agent").get(page(voucher))

    assert "Grace Hopper" in answer.content.decode()


def test_makes_a_code_of_its_own(person):
    answer = person("Marketer").post(
        reverse(ADD),
        {
            "code": "SORRY10",
            "redemption_limit": "1",
            "discount_type": "FIXED",
            "fixed_amount": "9.90",
            "active": "on",
            "metadata": "{}",
        },
    )

    assert answer.status_code == 302
    voucher = Voucher.objects.get()
    assert voucher.definition.data["discount"] == {"type": "FIXED", "fixed_amount": 990}
    assert voucher.history.get().history_user is not None


def test_shows_a_clash_at_the_field(person):
    VoucherFactory(code="SORRY10")

    answer = person("Marketer").post(
        reverse(ADD),
        {
            "code": "SORRY10",
            "discount_type": "AMOUNT",
            "amount_off": "10",
            "active": "on",
            "metadata": "{}",
        },
    )

    errors = answer.context["adminform"].form.errors
    assert errors == {"code": ["Duplicated voucher exists with id SORRY10"]}
    assert Voucher.objects.count() == 1


def test_changes_a_code(person):
    voucher = VoucherFactory(code="A", category=CategoryFactory(), metadata={"old": 1})

    answer = person("Marketer").post(
        page(voucher),
        {
            "redemption_limit": "5",
            "discount_type": "PERCENT",
            "percent_off": "15",
            "additional_info": "for the delay",
            "metadata": '{"new": 2}',
        },
    )

    assert answer.status_code == 302
    voucher.refresh_from_db()
    assert (voucher.redemption_limit, voucher.category, voucher.additional_info) == (
        5,
        None,
        "for the delay",
    )
    assert voucher.metadata == {"new": 2}
    assert voucher.definition.data["discount"] == {"type": "PERCENT", "percent_off": 15}
    assert voucher.active


@pytest.mark.requirement(93, 94)
def test_a_marketer_switches_codes_and_support_cannot(person):
    vouchers = VoucherFactory.create_batch(2)
    chosen = {
        "action": "disable",
        "_selected_action": [voucher.pk for voucher in vouchers],
        "confirmed": "yes",
    }

    person("Support agent").post(reverse(LIST), chosen)
    assert Voucher.objects.filter(active=True).count() == 2

    asked = person("Marketer").post(reverse(LIST), {**chosen, "confirmed": ""})
    assert "2 codes stop working at once" in asked.content.decode()
    person("Marketer").post(reverse(LIST), chosen)
    assert not Voucher.objects.filter(active=True).exists()


@pytest.mark.requirement(93)
def test_switches_very_many_in_the_background(person, work):
    VoucherFactory.create_batch(101)
    chosen = {
        "action": "disable",
        "_selected_action": list(Voucher.objects.values_list("pk", flat=True)[:1]),
        "select_across": "1",
        "confirmed": "yes",
    }

    person("Marketer").post(reverse(LIST), chosen)
    work()

    assert AsyncAction.objects.get().result["done_count"] == 101
    assert not Voucher.objects.filter(active=True).exists()


def test_exports_what_the_list_shows(person):
    UsageDeltaFactory(voucher__code="A", voucher__campaign=CampaignFactory(name="Tea"), count=3)

    answer = person("Marketer").post(
        reverse("admin:campaigns_voucher_export"),
        {
            "format": "0",
            "resource": "0",
            **{f"voucherresource_{name}": "on" for name in ("code", "campaign", "redeemed")},
        },
    )

    rows = list(csv.reader(answer.getvalue().decode().splitlines()))
    assert rows[1][:1] == ["A"]
    assert {"Tea", "3"} <= set(rows[1])


def test_deletes_into_the_bin(person):
    voucher = PublicationFactory().voucher
    delete = reverse("admin:campaigns_voucher_delete", args=[voucher.pk])
    http = person("Marketer")

    assert http.get(delete).status_code == 200
    http.post(delete, {"post": "yes"})

    voucher.refresh_from_db()
    assert voucher.deleted_at is not None
    assert found(http) == []


def test_lists_in_the_same_number_of_queries_whatever_the_number(
    person, django_assert_num_queries, django_assert_max_num_queries
):
    http = person("Marketer")
    campaign = CampaignFactory(category=CategoryFactory())
    VoucherFactory(campaign=campaign, holder=CustomerFactory())
    http.get(reverse(LIST))
    with django_assert_max_num_queries(14) as few:
        http.get(reverse(LIST))
    for _ in range(9):
        VoucherFactory(campaign=campaign, holder=CustomerFactory())

    with django_assert_num_queries(len(few.captured_queries)):
        http.get(reverse(LIST))


def test_the_page_of_a_code_speaks_the_language_of_the_person(person):
    voucher = VoucherFactory()
    http = person("Marketer")
    User.objects.update(language="fa")

    body = http.get(page(voucher)).content.decode()

    labels = re.findall(r'<div class="label">([^<]+)</div>', body)
    assert {"کد", "کمپین"} <= {*labels}
