"""What an installation on the internet sends: nothing over plain HTTP, nothing that runs inline."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.test import Client
from django.urls import get_resolver

from loyalty_project import urls
from tests.core.admin import pages

ROOT = Path(__file__).parents[3]
PRODUCTION = {
    "SECRET_KEY": "4kPz0vQm7Rt2Yx9Lb5Hd8Ws1Nc6Fg3Ju-Ta7Ve4Xi2Oy5Er8Qw",
    "DATABASE_URL": "postgres://wafa@127.0.0.1:1/wafa",
    "CELERY_BROKER_URL": "memory://",
    "ALLOWED_HOSTS": "shop.example",
    "SITE_URL": "https://shop.example",
}
POLICY = {
    "default-src 'self'", "img-src 'self' data:", "object-src 'none'", "base-uri 'self'",
    "form-action 'self'", "frame-ancestors 'none'",
}  # fmt: skip


def test_the_check_of_django_finds_nothing_in_a_production_environment(tmp_path):
    environment = {"PATH": os.environ["PATH"], "WAFA_DATA_DIR": str(tmp_path), **PRODUCTION}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]

    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "no issues" in done.stdout


@pytest.fixture
def secure(settings):
    """As where SECURE is true, behind a proxy that ends TLS."""
    settings.SECURE_SSL_REDIRECT = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


@pytest.mark.django_db
@pytest.mark.usefixtures("secure")
def test_cookies_are_secure_and_plain_http_leads_to_tls():
    proxied = Client(headers={"X-Forwarded-Proto": "https"})
    page = proxied.get("/admin/login/")

    assert page["Strict-Transport-Security"] == "max-age=31536000"
    assert (page.cookies["csrftoken"]["secure"], page.cookies["csrftoken"]["samesite"]) == (
        True,
        "Lax",
    )
    assert configured.SESSION_COOKIE_HTTPONLY
    assert configured.SESSION_COOKIE_SAMESITE == "Lax"
    plain = Client().get("/admin/login/")
    assert (plain.status_code, plain["Location"]) == (301, "https://testserver/admin/login/")
    assert Client().get("/healthz").status_code == 200


def plain_pages(patterns, prefix="/"):
    """Every address of the URL configuration that needs no argument."""
    for entry in patterns:
        place = f"{prefix}{entry.pattern}".replace("^", "").replace("$", "")
        if hasattr(entry, "url_patterns"):
            yield from plain_pages(entry.url_patterns, place)
        elif not re.search(r"[<(\\\\]", place):
            yield place


def headers_of(answer):
    return {
        "policy": {part.strip() for part in answer["Content-Security-Policy"].split(";")},
        "type": answer.get("X-Content-Type-Options"),
        "referrer": answer.get("Referrer-Policy"),
        "frame": answer.get("X-Frame-Options"),
    }


def test_every_address_without_an_argument_is_walked():
    walked = set(plain_pages(get_resolver().url_patterns))

    assert {"/", "/admin/", "/admin/second-step/", "/v1/vouchers", "/healthz"} <= walked
    assert len(walked) > 150


@pytest.mark.django_db
def test_every_answer_has_the_policy_and_the_headers(root):
    wrong, inline = {}, {}
    for address in plain_pages(urls.urlpatterns):
        answer = root.get(address)
        expected = {
            "policy": POLICY,
            "type": "nosniff",
            "referrer": "same-origin",
            "frame": "DENY",
        }
        if (found := headers_of(answer)) != expected:
            wrong[address] = found
        if answer.headers.get("Content-Type", "").startswith("text/html") and (
            code := pages.inline_code(answer.getvalue().decode())
        ):
            inline[address] = code
    assert wrong == {}
    assert inline == {}
