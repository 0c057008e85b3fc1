"""A day with known secrets, faults included: no log line, no table and no page keeps one."""

import logging
import re

import pytest
import structlog
from django.conf import settings as configured
from django.db import connection
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from loyalty_project import logs
from loyalty_project.core import api_calls, tenancy
from loyalty_project.core.admin import dashboard
from loyalty_project.core.api import listing
from loyalty_project.core.models import ApiCall, OutboxEvent, WebhookDelivery
from loyalty_project.core.webhooks import sending
from tests import receiver
from tests.client import ApiClient
from tests.factories.api_key import management_headers
from tests.factories.user import member

PASSWORD, WRONG = "a long walk home", "a longer walk home"
DATABASE = "pass-of-the-database"
# What is kept because it must be read again; everything else is a hash or nowhere.
KEPT = {
    ("webhook secret", "core_webhookendpoint"),
    ("app", "otp_totp_totpdevice"),
    ("session", "django_session"),
    ("first session", "django_session"),
}


@pytest.fixture
def said():
    """What all loggers say at DEBUG, but those to whom the settings give a level of their own."""
    lines = []
    handler = logging.Handler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processor=structlog.processors.JSONRenderer(),
            foreign_pre_chain=logs.PROCESSORS,
        )
    )
    handler.emit = lambda record: lines.append(handler.format(record))
    own = {name for name, options in configured.LOGGING["loggers"].items() if "level" in options}
    known = [logging.getLogger(name) for name in set(logging.root.manager.loggerDict) - own]
    before = [(logger, logger.level) for logger in (logging.root, *known)]
    for logger, _level in before:
        logger.setLevel(logging.DEBUG)
    logging.root.addHandler(handler)
    yield lines
    logging.root.removeHandler(handler)
    for logger, level in before:
        logger.setLevel(level)


@pytest.fixture
def person(staff, project):
    user = member(project=project, role="Administrator", username="ada")
    user.set_password(PASSWORD)
    user.save()
    return Client(raise_request_exception=False)


def signs_in(http, secrets, project):
    """With a wrong password, the right one, an app that is set up now, and a recovery code."""
    for password in (WRONG, PASSWORD):
        http.post("/admin/login/", {"username": "ada", "password": password})
    page = http.get("/admin/second-factor/").content.decode()
    secrets["app in base 32"] = re.search(r">([A-Z2-7]{32})<", page)[1]
    device = TOTPDevice.objects.get()
    secrets["app"] = device.key
    secrets["one-time password"] = f"{totp(device.bin_key):06}"
    form = {"token": secrets["one-time password"], "_project": project.public_id}
    shown = http.post("/admin/second-factor/", form).content.decode()
    secrets["recovery code"], secrets["unused code"] = re.findall(r"<code>([a-z2-9-]+)<", shown)[:2]
    secrets["first session"] = http.cookies["sessionid"].value
    http.post("/admin/logout/", {"_project": project.public_id})
    http.post("/admin/login/", {"username": "ada", "password": PASSWORD})
    http.post("/admin/second-step/", {"token": "000000"})
    http.post("/admin/second-step/", {"token": secrets["unused code"]})
    TOTPDevice.objects.update(throttling_failure_timestamp=None)
    http.post("/admin/second-step/", {"token": secrets["recovery code"]})
    secrets["session"] = http.cookies["sessionid"].value
    assert http.get("/admin/").status_code == 200


def makes_keys(http, secrets, project, url):
    """A key on its page, a token of it, and a webhook over the API; the headers of the key."""
    form = {"name": "Shop", "role": "ADMIN", "rate_limit": "500", "origins": "", "allowed_ips": ""}
    page = http.post("/admin/core/apikey/add/", {**form, "_project": project.public_id})
    app_id, secrets["API key"] = re.findall(r"data-copy>([^<]+)<", page.content.decode())[:2]
    headers = {"X-App-Id": app_id, "X-App-Token": secrets["API key"]}
    grant = {"grant_type": "client_credentials", "scope": "api"}
    token = ApiClient(headers).form("/v1/oauth/token", grant, headers={"Idempotency-Key": "t"})
    secrets["token"] = token.json()["access_token"]
    management = management_headers()
    secrets["management key"] = management["X-Management-Token"]
    webhook = {"target_url": url, "events": ["voucher.created", "redemption.succeeded"]}
    path = f"/management/v1/projects/{project.public_id}/webhooks"
    made = ApiClient(management).post(path, webhook, headers={"Idempotency-Key": "w"})
    secrets["webhook secret"] = made.json()["secret"]
    return headers


def calls(headers, secrets):
    """As a shop does: with the key, with the token, with a key that is wrong, and once twice."""
    shop, bearer = ApiClient(headers), {"Authorization": f"Bearer {secrets['token']}"}
    wrong = {**headers, "X-App-Token": f"{secrets['API key']}x"}
    discount = {"type": "AMOUNT", "amount_off": 100}
    shop.post("/v1/vouchers/ONE", {"type": "DISCOUNT_VOUCHER", "discount": discount})
    wanted = {"redeemables": [{"object": "voucher", "id": "ONE"}], "order": {"amount": 1000}}
    for _ in range(2):
        shop.post("/v1/redemptions", wanted, headers={"Idempotency-Key": "r"})
    assert ApiClient(bearer).get("/v1/customers").status_code == 200
    assert ApiClient(wrong).get("/v1/customers").status_code == 401
    shop.form("/v1/oauth/introspect", {"token": secrets["token"]})


def breaks(http, headers, monkeypatch):
    """A fault that nobody foresaw in the API and on a page, and a database that is away."""

    def fails(*_arguments, **_options):
        raise RuntimeError("nobody foresaw it")

    def is_away(*_arguments, **_options):
        other = connection.copy()
        place = {"HOST": "127.0.0.1", "PORT": "1", "PASSWORD": DATABASE}
        other.settings_dict = {**connection.settings_dict, **place}
        other.ensure_connection()

    shop = ApiClient(headers, wants_500=True)
    for fault, status in ((fails, 500), (is_away, 503)):
        monkeypatch.setattr(listing, "answer", fault)
        assert shop.get("/v1/customers").status_code == status
        monkeypatch.setattr(dashboard, "cards", fault)
        assert http.get("/admin/").status_code == 500


def tables():
    """The text of all rows of every table."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT kept::text FROM "{table}" kept')
            yield table, "\n".join(text for (text,) in cursor.fetchall())


def test_no_secret_is_in_a_log_or_in_a_table(
    person, project, said, settings, monkeypatch, work, reference
):
    settings.WEBHOOK_ALLOW_PRIVATE = settings.WEBHOOK_ALLOW_HTTP = True
    kept = api_calls.Buffer(write=api_calls.write, seconds=0)
    monkeypatch.setattr(api_calls, "buffer", kept)
    secrets = {"password": PASSWORD, "wrong password": WRONG, "database": DATABASE}
    secrets["SECRET_KEY"] = configured.SECRET_KEY
    with receiver.listening() as shop:
        shop.answers["/hook"] = receiver.status(500, "broken")
        signs_in(person, secrets, project)
        headers = makes_keys(person, secrets, project, shop.url("/hook"))
        calls(headers, secrets)
        work()
        sending.run()
        breaks(person, headers, monkeypatch)
    kept.flush()

    text = "\n".join(said)
    for event in ("api_failed", "sign_in_failed", "second_factor_wrong", "nobody foresaw it"):
        assert event in text
    with tenancy.scope(project):
        assert ApiCall.objects.filter(status=500).exists()
        assert OutboxEvent.objects.exists()
        assert {row.attempts for row in WebhookDelivery.objects.all()} == {1}
    # A password of six digits may be a part of anything, and is over.
    searched = {name: secret for name, secret in secrets.items() if len(secret) > 6}
    searched |= {f"{name} as typed": s.replace("-", "") for name, s in searched.items()}
    assert {name for name, secret in searched.items() if secret in text} == set()
    found = {
        (name.removesuffix(" as typed"), table)
        for table, rows in tables()
        for name, secret in searched.items()
        if secret in rows
    }
    assert found <= KEPT
    assert ("webhook secret", "core_webhookendpoint") in found
