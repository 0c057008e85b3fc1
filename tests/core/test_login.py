"""Signing in: guessing passwords is slow, and tells nothing."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from loyalty_project.core import login
from tests.factories.user import UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "a long walk home"


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@pytest.fixture
def ada(at, set_clock):
    set_clock(at)
    user = UserFactory(username="ada", is_staff=True)
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(name="ada", password=PASSWORD, ip="198.51.100.1"):
    """The errors shown, or None for somebody who is in."""
    http = Client(REMOTE_ADDR=ip)
    answer = http.post("/admin/login/", {"username": name, "password": password})
    return None if answer.status_code == 302 else answer.context["form"].non_field_errors()


def test_the_right_password_opens_the_door(ada):
    assert sign_in() is None


def test_after_five_wrong_passwords_the_right_one_is_refused_in_the_same_words(ada, at, set_clock):
    wrong = [sign_in(password=f"guess {number}") for number in range(login.NAME_LIMIT)]

    assert [len(errors) for errors in wrong] == [1] * 5
    assert "after several tries wait a minute" in wrong[0][0]
    assert sign_in() == wrong[0]
    assert sign_in("ADA") == wrong[0]
    assert sign_in(ip="198.51.100.2") is None
    set_clock(at + timedelta(minutes=1))
    assert sign_in() is None


def test_one_address_cannot_try_many_names(ada):
    for number in range(login.ADDRESS_LIMIT):
        sign_in(f"person {number}")

    assert sign_in() is not None
    assert sign_in(ip="198.51.100.2") is None


def test_signing_in_often_is_no_guessing(ada):
    assert [sign_in() for _ in range(login.NAME_LIMIT + 2)] == [None] * 7
