"""What people read: money by the currency table, moments by their calendar, badges with words."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation

from loyalty_project.core import context, tenancy
from loyalty_project.core.admin import display, moments
from loyalty_project.core.models import User


def text(html):
    return str(html).replace('<bdi dir="ltr" class="num">', "").replace("</bdi>", "")


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "1,234.50 EUR"),
        ("tr", "1.234,50 EUR"),
        ("fa", "1٬234٫50 EUR"),
        ("ar", "1,234.50 EUR"),
    ],
)
def test_writes_money_as_the_language_does(in_project, language, shown):
    with translation.override(language):
        assert text(display.money_of(123_450)) == shown


def test_shows_rials_without_decimals(other_project):
    with tenancy.scope(other_project):
        assert text(display.money_of(1_250_000_050)) == "12,500,001 IRR"
        assert text(display.money_of(-100)) == "-1 IRR"


def test_shows_nothing_as_a_dash(in_project):
    assert display.money_of(None) == display.EMPTY
    assert display.when_of(None) == display.EMPTY
    assert display.code_of("") == display.EMPTY


def test_writes_12_5_percent():
    assert text(display.percent_of(125_000)) == "12.5 %"


def test_keeps_codes_left_to_right_and_escaped():
    assert display.code_of("A<b>") == '<bdi dir="ltr" class="code" data-copy>A&lt;b&gt;</bdi>'


def test_says_state_in_words():
    badge = display.badge_of("ON", {"ON": ("good", "circle-check")}, "Works")

    assert "badge-good" in badge
    assert "Works" in badge
    assert 'aria-hidden="true"' in badge


def test_a_column_follows_a_path_and_knows_its_order(in_project):
    class Line:
        project = in_project

    column = display.text_ltr("project.currency", "Currency")

    assert column(Line()) == '<bdi dir="ltr">EUR</bdi>'
    assert column.admin_order_field == "project__currency"
    assert column.short_description == "Currency"


@pytest.mark.parametrize(
    ("ago", "shown"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(hours=3), "3\xa0hours ago"),
        (timedelta(days=-2), "in 2\xa0days"),
        (timedelta(days=40), "21 Jan 2026"),
    ],
)
def test_says_when(at, set_clock, ago, shown):
    set_clock(at)

    assert moments.near(at - ago) == shown


@pytest.fixture
def jalali():
    with context.acting(user=User(calendar="JALALI")), timezone.override("Asia/Tehran"):
        yield


def test_writes_jalali_days_for_those_who_read_them(jalali):
    nowruz = datetime(2026, 3, 21, 12, tzinfo=UTC)

    assert moments.day(nowruz) == "1 Farvardin 1405"
    assert moments.exact(nowruz) == "1 Farvardin 1405 15:30 +0330"
    with translation.override("fa"):
        assert moments.day(nowruz) == "1 فروردین 1405"


@pytest.mark.parametrize(
    ("typed", "gregorian"),
    [
        ("1405-01-01 14:00", "2026-03-21 14:00"),
        ("1405/1/1", "2026-03-21"),
        ("1290.01.01", "1911-03-22"),
        ("1701-01-01", "1701-01-01"),
        ("2026-03-21 14:00", "2026-03-21 14:00"),
    ],
)
def test_reads_jalali_days(typed, gregorian):
    assert moments.from_jalali(typed) == gregorian


def test_refuses_a_day_that_the_calendar_lacks():
    with pytest.raises(ValueError, match="day"):
        moments.from_jalali("1404-12-30")
