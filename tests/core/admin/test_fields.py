"""Forms speak people's units and store ours."""

from datetime import date

import pytest
from django import forms
from django.utils import timezone

from loyalty_project.core import context, tenancy
from loyalty_project.core.admin import fields
from loyalty_project.core.models import User


class Prices(forms.Form):
    amount = fields.MoneyField(help_text="What is taken off.")
    rate = fields.PercentField(help_text="What is taken off.")


def cleaned(**typed):
    form = Prices({"amount": "0", "rate": "0", **typed})
    return form.cleaned_data if form.is_valid() else form.errors


@pytest.mark.parametrize(
    ("typed", "minor"),
    [("12.50", 1250), ("1250", 125_000), ("۱۲٫۵", 1250), ("1 250.5", 125_050), ("۱٬۲۵۰", 125_000)],
)
def test_reads_money_in_major_units(in_project, typed, minor):
    assert cleaned(amount=typed)["amount"] == minor


@pytest.mark.parametrize("typed", ["12.505", "-1", "1e3", "twelve", "1,5"])
def test_refuses_what_is_no_amount(in_project, typed):
    assert "amount" in Prices({"amount": typed, "rate": "1"}).errors


def test_takes_the_exponent_of_the_project(other_project):
    with tenancy.scope(other_project):
        form = Prices(initial={"amount": 1_250_000})

        assert 'value="12500.00"' in str(form["amount"])
        assert '<span class="unit">IRR</span>' in str(form["amount"])


@pytest.mark.parametrize(("typed", "millionths"), [("12.5", 125_000), ("100", 1_000_000)])
def test_reads_percents(in_project, typed, millionths):
    assert cleaned(rate=typed)["rate"] == millionths


def test_refuses_more_decimals_than_are_stored(in_project):
    assert "rate" in Prices({"amount": "1", "rate": "0.00001"}).errors


def test_writes_percents_as_they_are_said(in_project):
    assert 'value="12.5"' in str(Prices(initial={"rate": 125_000})["rate"])


UNSTORABLE = [
    r'{"a": "\u0000"}',
    r'{"a": "\ud800"}',
    '{"a": NaN}',
    '{"a": 1e999}',
    f'{{"a": {"[" * 100_000}',
    f'{{"a": {"[" * 41}{"]" * 41}}}',
]


@pytest.mark.parametrize("typed", ["[1]", '"x"', "{", "3", *UNSTORABLE])
def test_metadata_is_an_object_that_can_be_stored(typed):
    with pytest.raises(forms.ValidationError):
        fields.MetadataField().clean(typed)


def test_metadata_may_be_empty():
    assert fields.MetadataField().clean("") == {}


def test_reads_lists_by_line():
    assert fields.LinesField().clean(" a \n\nb\n") == ["a", "b"]


@pytest.fixture
def in_tehran():
    with timezone.override("Asia/Tehran"):
        yield


class Window(forms.Form):
    starts = fields.MomentField(help_text="From then on.")


def test_reads_moments_in_the_zone_of_the_person(in_tehran):
    form = Window({"starts": "2026-03-21T14:00:00"})

    assert form.is_valid()
    assert form.cleaned_data["starts"].isoformat() == "2026-03-21T14:00:00+03:30"
    assert "Asia/Tehran" in str(form["starts"].help_text)
    assert 'type="datetime-local"' in str(form["starts"])


def test_reads_and_writes_jalali_moments(in_tehran):
    with context.acting(user=User(calendar="JALALI")):
        form = Window({"starts": "۱۴۰۵/۰۱/۰۱ ۱۴:۰۰"})

        assert form.is_valid()
        assert form.cleaned_data["starts"].isoformat() == "2026-03-21T14:00:00+03:30"
        again = Window(initial={"starts": form.cleaned_data["starts"]})
        assert 'value="1405-01-01 14:00:00"' in str(again["starts"])
        assert 'type="text"' in str(again["starts"])
        assert "starts" in Window({"starts": "1404-12-30"}).errors


class Person(forms.Form):
    born = fields.DayField(help_text="Year, month and day.")


@pytest.fixture
def jalali():
    with context.acting(user=User(calendar="JALALI")):
        yield


@pytest.mark.parametrize(
    "typed", ["1380/05/12", "۱۳۸۰/۰۵/۱۲", "۱۳۸۰-۵-۱۲", " 1380.5.12 ", "2001-08-03", "۲۰۰۱/۰۸/۰۳"]
)
def test_reads_days_of_the_jalali_calendar_and_gregorian_ones_beside_them(jalali, typed):
    assert Person({"born": typed}).fields["born"].clean(typed) == date(2001, 8, 3)


def test_writes_days_as_they_are_read(jalali):
    form = Person(initial={"born": date(2001, 8, 3)})

    assert 'value="1380/05/12"' in str(form["born"])
    assert 'type="text"' in str(form["born"])
    assert not Person({"born": "1380/05/12"}, initial={"born": date(2001, 8, 3)}).has_changed()


@pytest.mark.parametrize("typed", ["1380/07/31", "1380/13/01", "80/05/12", "12/05/1380"])
def test_refuses_a_day_that_no_calendar_has(jalali, typed):
    assert "born" in Person({"born": typed}).errors


def test_others_use_the_picker_and_their_own_calendar():
    form = Person({"born": "1380-05-12"}, initial={"born": date(2001, 8, 3)})

    assert form.is_valid()
    assert form.cleaned_data["born"] == date(1380, 5, 12)
    assert 'type="date" name="born" value="2001-08-03"' in str(
        Person(initial={"born": date(2001, 8, 3)})["born"]
    )
