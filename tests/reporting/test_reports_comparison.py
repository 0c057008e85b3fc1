"""A public code beside unique codes, from hand-made uses of March 2026 in Berlin."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from campaigns.models import PoolType
from loyalty_project.core.models import Membership
from redemptions.models import OrderStatus, Result
from reporting.reports import comparison
from reporting.reports.campaign_summary import Period
from tests.factories.campaign import CampaignFactory
from tests.factories.customer import CustomerFactory
from tests.factories.order import OrderFactory
from tests.factories.redemption import RedemptionFactory
from tests.factories.voucher import VoucherFactory

pytestmark = pytest.mark.usefixtures("in_project")
COMPARE = "admin:campaigns_campaign_compare"
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
FIRST = datetime(2026, 2, 28, 23, tzinfo=UTC)
LAST = datetime(2026, 3, 31, 21, 59, 59, tzinfo=UTC)
AT = datetime(2026, 3, 15, 12, tzinfo=UTC)


def bought(customer, amount, at=AT, status=OrderStatus.PAID):
    return OrderFactory(
        customer=customer, amount=amount, total_amount=amount, status=status, created_at=at
    )


def use(voucher, order, taken, at=AT, **values):
    return RedemptionFactory(
        voucher=voucher,
        campaign=voucher.campaign,
        order=order,
        applied_amount=taken,
        redeemed_at=at,
        **values,
    )


@pytest.fixture
def public():
    """4 uses in 3 orders of 3 customers, two of them new; more that does not count."""
    campaign = CampaignFactory(name="BLACKFRIDAY", type=PoolType.STANDALONE)
    code = VoucherFactory(code="BLACKFRIDAY", campaign=campaign, redemption_limit=None)
    ann, bob, eve = CustomerFactory.create_batch(3)
    bought(bob, 500, at=AT - timedelta(days=90))
    bought(eve, 500, at=AT - timedelta(days=90), status=OrderStatus.CANCELED)
    twice = bought(ann, 10_000)
    use(code, twice, 1000, at=FIRST)
    use(code, twice, 500)
    use(code, bought(bob, 5000), 500, at=LAST)
    use(code, bought(eve, 3001), 300)
    use(code, bought(ann, 9999), 999, at=FIRST - timedelta(seconds=1))
    use(code, bought(ann, 9999), 999, at=LAST + timedelta(seconds=1))
    use(code, bought(bob, 9999), 999, rolled_back_at=AT)
    use(code, bought(bob, 9999), 0, result=Result.FAILURE)
    return campaign


@pytest.fixture
def unique():
    """2 of 8 published codes are used by one customer, who is not new; 3 were never published."""
    campaign = CampaignFactory(name="Unique", type=PoolType.STATIC)
    codes = VoucherFactory.create_batch(8, campaign=campaign, publish_count=1, created_at=FIRST)
    VoucherFactory.create_batch(3, campaign=campaign, created_at=FIRST)
    VoucherFactory(campaign=campaign, publish_count=1, created_at=LAST + timedelta(seconds=1))
    dan = CustomerFactory()
    bought(dan, 100, at=AT - timedelta(days=1))
    for code, amount in zip(codes[:2], (4000, 6000), strict=True):
        use(code, bought(dan, amount), 400)
    return campaign


def figures(arm):
    return {
        name: getattr(arm, name)
        for name in ("uses", "customers", "orders", "order_amount", "discount", "basket")
    }


@pytest.mark.requirement(18)
def test_an_arm_counts_what_stands_in_the_days(
    in_project, public, unique, django_assert_num_queries
):
    idle = CampaignFactory(name="Idle")
    with django_assert_num_queries(1):
        left, right, nothing = comparison.arms(
            project=in_project, campaigns=[public.pk, unique.pk, idle.pk], period=MARCH
        )

    assert figures(left) == {
        "uses": 4,
        "customers": 3,
        "orders": 3,
        "order_amount": 18_001,
        "discount": 2300,
        "basket": 6000,
    }
    assert (left.new_share, left.redemption_rate) == (666_667, None)
    assert figures(right) == {
        "uses": 2,
        "customers": 1,
        "orders": 2,
        "order_amount": 10_000,
        "discount": 800,
        "basket": 5000,
    }
    assert (right.new_share, right.redemption_rate) == (0, 250_000)
    assert set(figures(nothing).values()) == {0, None}
    assert (nothing.new_share, nothing.redemption_rate) == (None, None)


def test_where_nothing_was_published_all_codes_are_issued(in_project):
    campaign = CampaignFactory(name="By letter")
    codes = VoucherFactory.create_batch(4, campaign=campaign, created_at=FIRST)
    use(codes[0], bought(CustomerFactory(), 1000), 100)

    (arm,) = comparison.arms(project=in_project, campaigns=[campaign.pk], period=MARCH)

    assert (arm.issued, arm.redeemed, arm.redemption_rate) == (4, 1, 250_000)


@pytest.mark.parametrize(
    ("value", "base", "percent"), [(150, 100, 50), (50, 100, -50), (7, 0, None), (None, 5, None)]
)
def test_a_difference_is_in_percent_of_the_first(value, base, percent):
    assert comparison.difference(value, base) == percent


@pytest.mark.requirement(18)
def test_they_are_chosen_in_the_list_and_leave_as_csv(project, staff, public, unique, set_clock):
    set_clock(AT + timedelta(days=15))
    http = staff("Manager")
    chosen = {"action": "compare", "_selected_action": [unique.pk, public.pk]}

    answer = http.post(
        reverse("admin:campaigns_campaign_changelist"),
        {"_project": project.public_id, **chosen},
        follow=True,
    )
    days = {"first": "2026-03-01", "last": "2026-03-31", "format": "csv"}
    sent = http.get(reverse(COMPARE), {"campaign": [public.pk, unique.pk], **days})

    body = answer.content.decode()
    assert [arm.campaign for arm in answer.context["arms"]] == [public, unique]
    assert '<bdi dir="ltr" class="num">130.01 EUR</bdi>' in body
    assert '<bdi dir="ltr" class="num">−23.1 %</bdi>' in body
    lines = csv.reader(io.StringIO(b"".join(sent.streaming_content).decode("utf-8-sig")))
    assert list(lines) == [
        ["Figure", "BLACKFRIDAY", "Unique", "Difference in %"],
        ["Uses", "4", "2", "-50.0"],
        ["Customers", "3", "1", "-66.7"],
        ["Orders", "3", "2", "-33.3"],
        ["Value of the orders", "180.01", "100.00", "-44.4"],
        ["Discount given", "23.00", "8.00", "-65.2"],
        ["Average basket", "60.00", "50.00", "-16.7"],
        ["New customers", "66.7", "0.0", "-100.0"],
        ["Issued codes that were redeemed", "", "25.0", ""],
    ]


def test_a_name_is_no_formula_in_the_file(staff, public, unique):
    public.name, unique.name = "=1+1", "@cmd"
    public.save()
    unique.save()
    chosen = {"campaign": [public.pk, unique.pk], "format": "csv", "first": "", "last": ""}

    sent = staff("Manager").get(reverse(COMPARE), chosen)

    (header, *_rest) = csv.reader(io.StringIO(b"".join(sent.streaming_content).decode("utf-8-sig")))
    assert header == ["Figure", "'=1+1", "'@cmd", "Difference in %"]


def test_one_or_five_are_refused_and_others_see_nothing(staff, other_project, public, unique):
    more = [campaign.pk for campaign in CampaignFactory.create_batch(3)]
    http, page = staff("Manager"), reverse(COMPARE)
    days = {"first": "2026-03-01", "last": ""}
    stranger = staff("Manager", in_project=other_project)

    one = http.get(page, {"campaign": public.pk})
    five = http.get(page, {"campaign": [public.pk, unique.pk, *more], **days})
    turned = http.get(page, {"campaign": [public.pk, unique.pk], **days, "last": "2026-02-01"})
    foreign = stranger.get(page, {"campaign": [public.pk, unique.pk], **days})
    Membership.objects.all().delete()

    assert not one.context["form"].errors
    assert five.context["form"].errors == {"campaign": ["Choose two to four campaigns."]}
    assert list(turned.context["form"].errors) == ["last"]
    assert (foreign.context["arms"], b"BLACKFRIDAY" in foreign.content) == ([], False)
    assert http.get(page).status_code == 403
