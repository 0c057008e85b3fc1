"""Hand-made numbers around midnight of the project's clock (Berlin, one hour ahead of UTC)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from loyalty_project.core import tenancy
from loyalty_project.core.admin.dashboard import Figures, LineChart, Table
from redemptions.models import Order, Redemption, Result
from reporting.reports import numbers, overview
from tests.factories.campaign import CampaignFactory
from tests.factories.user import member
from tests.factories.voucher import VoucherFactory

# Monday, 13:00 in Berlin.
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 3, 1, 23, tzinfo=UTC)


@pytest.fixture
def campaign(in_project):
    return CampaignFactory(name="Autumn")


@pytest.fixture
def voucher(campaign):
    return VoucherFactory(code="AUTUMN", campaign=campaign, redemption_limit=None)


@pytest.fixture
def use(voucher):
    """`use(when, amount)`: a redemption of AUTUMN."""

    def make(when, amount=0, **values):
        values = {"voucher": voucher, "campaign": voucher.campaign, **values}
        return Redemption.objects.create(redeemed_at=when, applied_amount=amount, **values)

    return make


@pytest.fixture
def refuse(use):
    return lambda when: use(when, result=Result.FAILURE, failure_code="voucher_expired")


def days(project):
    return {
        day.day: (day.succeeded, day.refused, day.discount) for day in numbers.days(project, AT)
    }


class TestDays:
    def test_are_the_last_thirty_of_the_clock_of_the_project(self, in_project):
        found = [day.day for day in numbers.days(in_project, AT)]
        assert found == [date(2026, 2, 1) + timedelta(days=n) for n in range(30)]

    def test_begin_at_midnight_of_the_project(self, in_project, use):
        use(MIDNIGHT - timedelta(milliseconds=1), 100)
        use(MIDNIGHT, 30)
        use(AT, 7)
        assert days(in_project)[date(2026, 3, 1)] == (1, 0, 100)
        assert days(in_project)[date(2026, 3, 2)] == (2, 0, 37)

    def test_leave_out_what_is_older_or_yet_to_come(self, in_project, use):
        use(MIDNIGHT - timedelta(days=29, milliseconds=1))
        use(AT + timedelta(seconds=1))
        assert set(days(in_project).values()) == {(0, 0, 0)}

    def test_count_refused_tries_apart(self, in_project, use, refuse):
        use(AT, 500)
        refuse(AT)
        refuse(AT)
        assert days(in_project)[date(2026, 3, 2)] == (1, 2, 500)

    def test_do_not_count_what_was_taken_back(self, in_project, use):
        use(AT, 500, rolled_back_at=AT)
        assert days(in_project)[date(2026, 3, 2)] == (0, 0, 0)

    def test_count_each_code_of_a_stack_but_not_the_stack_itself(self, in_project, use):
        parent = use(AT, 300, voucher=None, campaign=None)
        use(AT, 100, parent=parent)
        use(AT, 200, parent=parent)
        assert days(in_project)[date(2026, 3, 2)] == (2, 0, 300)

    def test_count_refused_codes_that_nobody_knows(self, in_project, use):
        use(AT, voucher=None, campaign=None, result=Result.FAILURE)
        assert days(in_project)[date(2026, 3, 2)] == (0, 1, 0)


class TestOrders:
    @pytest.fixture
    def order(self, in_project):
        def make(when=AT, status="PAID"):
            return Order.objects.create(
                status=status, amount=1000, total_amount=1000, created_at=when
            )

        return make

    def test_are_those_paid_in_seven_days_with_and_without_a_code(self, in_project, order, use):
        order()
        order(status="FULFILLED")
        use(AT, 100, order=order())
        use(AT, 100, order=order(MIDNIGHT - timedelta(days=6)))
        assert numbers.orders(in_project, AT) == numbers.Orders(total=4, with_code=2)

    def test_are_not_those_that_are_older_unpaid_or_canceled(self, in_project, order):
        order(MIDNIGHT - timedelta(days=6, milliseconds=1))
        order(status="CREATED")
        order(status="CANCELED")
        assert numbers.orders(in_project, AT) == numbers.Orders(total=0, with_code=0)

    def test_with_two_codes_count_once(self, in_project, order, use):
        bought = order()
        use(AT, 100, order=bought)
        use(AT, 50, order=bought)
        assert numbers.orders(in_project, AT) == numbers.Orders(total=1, with_code=1)


@pytest.mark.usefixtures("in_project")
class TestCampaigns:
    def test_run_or_begin_later(self):
        CampaignFactory()
        CampaignFactory(starts_at=AT, expires_at=AT + timedelta(days=1))
        CampaignFactory(starts_at=AT + timedelta(seconds=1))
        assert numbers.campaigns(AT) == numbers.Campaigns(running=2, scheduled=1)

    def test_do_not_run_when_over_off_or_in_the_bin(self):
        CampaignFactory(expires_at=AT)
        CampaignFactory(active=False)
        CampaignFactory(deleted_at=AT)
        assert numbers.campaigns(AT) == numbers.Campaigns(running=0, scheduled=0)

    def test_that_end_soon_come_with_the_next_one_first(self):
        later = CampaignFactory(expires_at=AT + timedelta(days=7))
        sooner = CampaignFactory(expires_at=AT + timedelta(hours=1))
        CampaignFactory(expires_at=AT + timedelta(days=7, seconds=1))
        CampaignFactory(expires_at=AT)
        CampaignFactory(expires_at=AT + timedelta(days=1), active=False)
        assert numbers.ending_soon(AT) == [sooner, later]

    def test_at_the_top_are_those_most_redeemed(self, project, campaign, use):
        spring = CampaignFactory(name="Spring")
        other = VoucherFactory(campaign=spring, redemption_limit=None)
        for amount in (100, 200):
            use(AT, amount)
            use(AT - timedelta(days=3), amount, voucher=other, campaign=spring)
        use(AT - timedelta(days=2), 5, voucher=other, campaign=spring)
        use(AT - timedelta(days=40), 9, voucher=other, campaign=spring)
        assert numbers.top_campaigns(project, AT) == [
            numbers.Top(spring, 3, 305),
            numbers.Top(campaign, 2, 300),
        ]


@pytest.mark.parametrize(
    ("now", "before", "percent"), [(15, 10, 50), (5, 10, -50), (10, 10, 0), (3, 0, None)]
)
def test_change_is_in_percent_of_before(now, before, percent):
    assert numbers.change(now, before) == percent


class TestCards:
    @pytest.fixture
    def cards(self, staff, project):
        """`cards(role)`: what a person of that role sees."""

        def of(role="Marketer"):
            return overview.cards_of(project, member(project=project, role=role), at=AT)

        staff("Viewer")
        return of

    def test_say_the_numbers_in_the_currency_of_the_project(self, cards, use, refuse):
        use(AT, 1250)
        use(AT, 250)
        use(MIDNIGHT - timedelta(days=1), 500)
        use(AT - timedelta(days=8), 1000)
        refuse(AT)
        figures = cards()[0]
        assert isinstance(figures, Figures)
        found = {str(f.label): (str(f.value), f.trend) for f in figures.figures}
        assert found == {
            "Redemptions today": (number("2"), 100),
            "Redemptions, 7 days": (number("3"), 200),
            "Discount given, 7 days": (number("20.00 EUR"), 100),
            "Refused tries, 7 days": (number("1"), None),
            "Orders with a code, 7 days": (number("0"), None),
            "Campaigns running": (number("1"), None),
        }

    def test_compare_today_with_yesterday_by_the_same_time(self, cards, use):
        use(AT - timedelta(days=1, seconds=1))
        use(AT - timedelta(days=1) + timedelta(seconds=1))
        first = cards()[0].figures[0]
        assert "yesterday by this time: " + number("1") in str(first.hint)
        assert "as of 13:00" in str(first.hint)

    def test_have_a_chart_of_thirty_days_and_two_tables(self, cards, use, refuse, campaign):
        use(AT, 1250)
        refuse(MIDNIGHT - timedelta(days=3))
        _figures, chart, top, ending = cards()
        assert isinstance(chart, LineChart)
        succeeded, refused = ([value for _label, value in line.points] for line in chart.series)
        assert succeeded == [*[0] * 29, 1]
        assert refused == [*[0] * 26, 1, 0, 0, 0]
        assert isinstance(top, Table)
        assert [str(cell) for cell in top.rows[0][1:]] == [number("1"), number("12.50 EUR")]
        assert ending.rows == []
        assert str(ending.empty) == "No campaign ends within the next 7 days."

    def test_take_at_most_ten_queries(self, project, staff, use, django_assert_max_num_queries):
        use(AT, 1250)
        staff("Viewer")
        person = member(project=project, role="Viewer")
        assert person.has_perm("redemptions.view_redemption")
        overview.cards_of(project, person, at=AT)
        with django_assert_max_num_queries(10):
            overview.cards_of(project, person, at=AT)

    def test_are_none_for_those_who_may_view_nothing(self, project, in_project, staff):
        staff("Viewer")
        stranger = member(project=project, role="Viewer")
        stranger.memberships.all().delete()
        assert overview.cards_of(project, stranger, at=AT) == []

    def test_of_another_project_stay_there(self, cards, use, other_project):
        with tenancy.scope(other_project):
            Redemption.objects.create(redeemed_at=AT, result=Result.FAILURE)
        figures = {str(figure.label): str(figure.value) for figure in cards()[0].figures}
        assert figures["Refused tries, 7 days"] == number("0")

    def test_stand_on_the_first_page(self, staff, set_clock, use):
        use(AT, 1250)
        set_clock(AT)
        page = staff("Marketer").get("/admin/")
        assert page.status_code == 200
        text = page.content.decode()
        assert "Discount given, 7 days" in text
        assert "12.50 EUR" in text
        assert "&lt;bdi" not in text


def number(text):
    return f'<bdi dir="ltr" class="num">{text}</bdi>'
