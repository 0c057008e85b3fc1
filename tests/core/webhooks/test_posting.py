"""One attempt against a real receiver, also one that misbehaves."""

import ssl
import time
from datetime import timedelta
from pathlib import Path

import pytest

from loyalty_project.core.webhooks import posting
from tests import receiver

PEM = Path(__file__).with_name("shop.example.pem")
HEADERS = {"webhook-id": "whs_1"}


def post(url, **options):
    return posting.post(url, body='{"a":"ç"}', headers=HEADERS, **options)


def test_sends_the_body_as_it_is_and_keeps_what_is_answered(here):
    here.answers["/hook?x=1"] = receiver.status(201, "Danke\x00" + "x" * 5000)

    answer = post(here.url("/hook?x=1"))

    ((headers, body),) = here.to("/hook?x=1")
    assert (answer.status, answer.is_good, answer.failure) == (201, True, "")
    assert answer.excerpt.startswith("Danke\ufffdxxx")
    assert len(answer.excerpt) == 2000
    assert body == '{"a":"ç"}'
    assert headers["Host"] == here.url("").removeprefix("http://")
    assert headers["Content-Type"] == "application/json"
    assert headers["Accept-Encoding"] == "identity"
    assert headers["webhook-id"] == "whs_1"


@pytest.mark.parametrize("code", [301, 302, 307, 308])
def test_does_not_follow_redirects(here, code):
    inside = here.url("/inside")
    here.answers["/hook"] = receiver.status(code, headers=[("Location", inside)])

    answer = post(here.url("/hook"))

    assert (answer.status, answer.is_good) == (code, False)
    assert here.to("/inside") == []


@pytest.mark.parametrize(
    ("misbehave", "failure"),
    [
        (receiver.nothing, "TIMEOUT"),
        (receiver.trickle, "TIMEOUT"),
        (receiver.broken, "BROKEN"),
        (receiver.banner, "BROKEN"),
    ],
)
def test_gives_up_in_time_and_tells_nobody_what_answered(here, misbehave, failure):
    here.answers["/hook"] = misbehave
    began = time.monotonic()

    answer = post(here.url("/hook"), seconds=0.3)

    assert (answer.status, answer.failure, answer.excerpt) == (None, failure, "")
    assert time.monotonic() - began < 2


def test_reads_no_more_of_an_endless_answer_than_64_kb(here):
    here.answers["/hook"] = receiver.flood

    answer = post(here.url("/hook"))

    assert (answer.status, len(answer.excerpt)) == (200, 2000)
    assert answer.seconds < 5


def test_does_not_unpack_what_is_answered(here):
    bomb = b"\x1f\x8b" + b"\x00" * 60_000
    here.answers["/hook"] = receiver.status(200, bomb, [("Content-Encoding", "gzip")])

    assert post(here.url("/hook")).status == 200


def test_says_that_nothing_listens_or_that_there_is_no_such_host(here):
    from loyalty_project.core.webhooks import address

    def nobody(host, _port):
        raise address.UnknownHost(host)

    assert post("http://127.0.0.1:1/").failure == "UNREACHABLE"
    assert post("http://nobody.example/", resolver=nobody).failure == "UNKNOWN_HOST"


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}/", "https://localhost:{port}/"])
def test_no_connection_reaches_what_is_inside(here, settings, url):
    settings.WEBHOOK_ALLOW_PRIVATE = False

    assert post(url.format(port=here.server.server_port)).failure == "REFUSED"
    assert here.calls == []


def test_the_certificate_is_that_of_the_name_though_the_call_goes_to_the_address(
    settings, monkeypatch
):
    settings.WEBHOOK_ALLOW_PRIVATE = True

    def this_machine(_host, _port):
        return ["127.0.0.1"]

    with receiver.listening(certificate=PEM) as secure:
        port = secure.server.server_port
        ours, other = f"https://shop.example:{port}/x", f"https://other.example:{port}/x"
        assert post(ours, resolver=this_machine).failure == "CERTIFICATE"

        trusting = ssl.create_default_context(cafile=PEM)
        monkeypatch.setattr(posting, "trusted", lambda: trusting)
        assert post(ours, resolver=this_machine).status == 204
        assert post(other, resolver=this_machine).failure == "CERTIFICATE"
        assert [headers["Host"] for headers, _body in secure.to("/x")] == [f"shop.example:{port}"]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        (" 5 ", 5),
        ("Mon, 02 Mar 2026 12:02:00 GMT", 120),
        ("Mon, 02 Mar 2026 11:00:00 GMT", 0),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
def test_reads_retry_after_in_both_forms(text, seconds, at):
    expected = None if seconds is None else timedelta(seconds=seconds)

    assert posting.asked_for(text, at=at) == expected
