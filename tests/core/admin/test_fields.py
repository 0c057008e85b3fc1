"""Forms speak people's units and store ours."""

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
