"""Signing in with the one-time password of an app, or with a code for when it is lost."""

import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from loyalty_project.core import clock
from loyalty_project.core.models import RecoveryCode, User
from loyalty_project.core.services import second_factor
from tests.factories.user import UserFactory, member

PASSWORD = "a long walk home"
STEP, SET_UP = "/admin/second-step/", "/admin/second-factor/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(project):
    user = member(project=project, role="Marketer", username="ada")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def protected(ada):
    """Ada with a second factor, and her recovery codes."""
    second_factor.begin(user=ada)
    ada.codes = second_factor.confirm(user=ada, token=shown(ada), at=clock.now())
    TOTPDevice.objects.update(last_t=-1)  # the next password may be the same one
    return ada


def shown(user):
    """What the app shows now."""
    return f"{totp(TOTPDevice.objects.get(user=user).bin_key):06}"


def signed_in(name="ada"):
    http = Client()
    answer = http.post("/admin/login/", {"username": name, "password": PASSWORD})
    assert answer.status_code == 302
    return http


def way(http, address):
    """The address to which a page leads, or its status."""
    answer = http.get(address)
    return answer.headers.get("Location", answer.status_code)


def test_a_picture_and_the_first_password_turn_it_on_and_codes_are_shown_once(ada, project):
    http = signed_in()
    page = http.get(SET_UP).content.decode()
    secret = re.search(r'class="code"[^>]*>([A-Z2-7]{32})<', page)
    assert "<svg" in page
    assert "style=" not in page
    assert http.get(SET_UP).content.decode().count(secret[1]) == page.count(secret[1])
    wrong = http.post(SET_UP, {"token": "000000", "_project": project.public_id})
    assert "does not fit" in wrong.content.decode()
    TOTPDevice.objects.update(throttling_failure_timestamp=None)

    token = "".join("۰۱۲۳۴۵۶۷۸۹"[int(digit)] for digit in shown(ada))
    done = http.post(SET_UP, {"token": f"{token[:3]} {token[3:]}", "_project": project.public_id})

    codes = re.findall(r"<code>([a-z2-9-]{19})</code>", done.content.decode())
    assert len(set(codes)) == 10
    assert done["Cache-Control"].count("no-store") == 1
    assert way(http, "/admin/") == 200
    assert "10 recovery codes are left" in http.get(SET_UP).content.decode()
    stored = str(list(RecoveryCode.objects.values_list()))
    assert not any(code.replace("-", "") in stored for code in codes)
    assert User.history.filter(username="ada").latest().second_factor_at is not None


def test_a_password_alone_opens_nothing_but_the_second_step(protected):
    http = signed_in()

    assert way(http, "/admin/campaigns/campaign/") == f"{STEP}?next=/admin/campaigns/campaign/"
    assert way(http, SET_UP).startswith(STEP)
    assert http.post("/admin/preferences/", {"language": "fa"}).headers["Location"] == STEP
    assert "Wafa" in http.get(STEP).content.decode()
    before = http.session.session_key
    wanted = {"token": shown(protected), "next": "/admin/campaigns/campaign/"}

    assert http.post(STEP, wanted).headers["Location"] == "/admin/campaigns/campaign/"
    assert way(http, "/admin/campaigns/campaign/") == 200
    assert http.session.session_key != before
    assert way(http, STEP) == "/admin/"
    away = {**wanted, "next": "https://evil.example/"}
    assert http.post(STEP, away).headers["Location"] == "/admin/"


def test_a_one_time_password_and_a_recovery_code_serve_once(protected):
    token, code = shown(protected), protected.codes[0].upper()
    given = [signed_in().post(STEP, {"token": text}).status_code for text in (token, code)]
    again = [signed_in().post(STEP, {"token": text}).status_code for text in (token, code)]

    assert (given, again) == ([302, 302], [200, 200])
    assert RecoveryCode.objects.filter(user=protected, used_at=None).count() == 9


def test_each_wrong_try_doubles_the_wait_also_for_the_right_one(protected, set_clock, at):
    set_clock(at)
    user, code = protected, protected.codes[0]

    def tried(token, seconds):
        set_clock(at + timedelta(seconds=seconds))
        return second_factor.verify(user=user, token=token, at=clock.now())

    assert [tried("000000", second) for second in (0, 1, 3)] == [False] * 3
    assert tried(code, 6) is False
    assert tried(protected.codes[1].swapcase(), 7.5) is True
    assert tried("abcd-efgh-jkmn-pqrs", 8) is False
    assert tried(code, 9.5) is True


def test_a_factor_that_is_set_up_anew_is_asked_for_in_every_session(protected):
    http = signed_in()
    http.post(STEP, {"token": protected.codes[0]})
    assert way(http, "/admin/") == 200

    second_factor.remove(user=protected)
    second_factor.begin(user=protected)
    later = clock.now() + timedelta(seconds=1)
    assert second_factor.confirm(user=protected, token=shown(protected), at=later)

    assert way(http, "/admin/") == f"{STEP}?next=/admin/"


@pytest.mark.parametrize(
    ("rule", "marketer", "administrator"),
    [("OPTIONAL", 200, 200), ("PRIVILEGED", 200, SET_UP), ("EVERYONE", SET_UP, SET_UP)],
)
def test_a_project_says_who_needs_one(rule, marketer, administrator, project, staff, ada):
    http = staff("Administrator")
    page = f"/admin/core/project/{project.pk}/change/"
    form = http.get(page).context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    values |= {"client_options": "{}", "default_code_config": "{}", "client_trusted_domains": ""}
    values |= {"second_factor": rule, "_project": project.public_id}

    assert http.post(page, values).status_code == 302

    assert way(http, "/admin/") == administrator
    assert way(signed_in(), "/admin/") == marketer
    assert way(http, "/admin/preferences/") == 200
    shows = "with a second factor only" in http.get(SET_UP).content.decode()
    assert shows is (administrator == SET_UP)


def test_is_turned_off_with_a_password_of_the_app_unless_it_is_needed(protected, project):
    http = signed_in()
    http.post(STEP, {"token": protected.codes[0]})
    form = {"_project": project.public_id, "off": "yes"}

    def post(token, **more):
        page = http.post(SET_UP, {**form, "token": token, **more})
        TOTPDevice.objects.update(throttling_failure_timestamp=None)
        return page.content.decode()

    assert "does not fit" in post("000000")
    renewed = re.findall(r"<code>([a-z2-9-]{19})</code>", post(protected.codes[1], renew="yes"))
    assert len(renewed) == 10
    assert "does not fit" in post(protected.codes[2])
    project.second_factor = "EVERYONE"
    project.save()
    assert "with a second factor only" in post(renewed[0])
    project.second_factor = "OPTIONAL"
    project.save()
    assert post(renewed[1]) == ""
    protected.refresh_from_db()
    assert protected.second_factor_at is None
    assert not TOTPDevice.objects.exists()
    assert not RecoveryCode.objects.exists()


def test_who_lost_everything_is_helped_by_the_owner_and_by_the_command(protected, project, capsys):
    http = Client()
    http.force_login(UserFactory(is_superuser=True))
    page = f"/admin/core/user/{protected.pk}/"
    assert "Remove second factor" in http.get(f"{page}change/").content.decode()
    confirmed = {"confirmed": "yes", "_project": project.public_id}

    assert http.post(f"{page}do/remove_second_factor/", confirmed).status_code == 302
    protected.refresh_from_db()
    assert protected.second_factor_at is None
    second_factor.begin(user=protected)
    assert second_factor.confirm(user=protected, token=shown(protected), at=clock.now())
    call_command("reset_second_factor", "--user", "ada")

    assert capsys.readouterr().out == "The second factor of ada is off.\n"
    assert way(signed_in(), "/admin/") == 200
