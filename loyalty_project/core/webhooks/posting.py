"""One POST to a checked address: no redirects, no more than 15 seconds, no more than 64 kB."""

import email.utils
import http.client
import re
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import urllib3
from django.db import models
from django.utils.translation import gettext_lazy as _
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util.ssl_ import create_urllib3_context

from loyalty_project.core.webhooks import address

TIMEOUT_SECONDS = 15.0
CONNECT_SECONDS = 5.0
MAX_ANSWER = 65_536
EXCERPT = 2_000
_SECONDS = re.compile(r"\d{1,9}", re.ASCII)


class Failure(models.TextChoices):
    """Why there is no status. What answered instead of HTTP is told to nobody."""

    REFUSED = "REFUSED", _("The address may not be called")
    UNKNOWN_HOST = "UNKNOWN_HOST", _("The name of the host has no address")
    UNREACHABLE = "UNREACHABLE", _("Nothing listens at the address")
    CERTIFICATE = "CERTIFICATE", _("No secure connection: its certificate is not valid")
    TIMEOUT = "TIMEOUT", _("It did not answer in time")
    BROKEN = "BROKEN", _("The connection broke, or the answer was not HTTP")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one attempt: the `status` of an HTTP answer, else why there is none.

    `excerpt` is the beginning of its body; `asked` is its Retry-After as it was sent.
    """

    seconds: float
    status: int | None = None
    failure: str = ""
    excerpt: str = ""
    asked: str = ""

    @property
    def is_good(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def post(
    url: str,
    *,
    body: str,
    headers: Mapping[str, str],
    resolver: address.Resolver = address.resolve,
    seconds: float = TIMEOUT_SECONDS,
) -> Answer:
    """Send `body`, and never raise for what the other side does.

    Not to be called in a transaction: it may take `seconds` and the time to find the name.
    """
    started = time.monotonic()
    try:
        target = address.target(url, resolver=resolver)
    except address.UnknownHost:
        return _failed(Failure.UNKNOWN_HOST, started)
    except address.RefusedAddress:
        return _failed(Failure.REFUSED, started)
    connection = _connection(target, min(CONNECT_SECONDS, seconds))
    deadline = _Deadline(connection, seconds)
    try:
        deadline.begin()
        answer = _answer(connection, target, body, headers, started)
        deadline.check()
    except (
        urllib3.exceptions.HTTPError,
        http.client.HTTPException,
        OSError,
        ValueError,
    ) as error:
        return _failed(Failure.TIMEOUT if deadline.is_over else _failure_of(error), started)
    finally:
        deadline.end()
        connection.close()
    return answer


def asked_for(text: str, *, at: datetime) -> timedelta | None:
    """The wait of a Retry-After, in seconds or as a date; None where it says nothing."""
    if _SECONDS.fullmatch(text.strip()):
        return timedelta(seconds=int(text))
    with suppress(ValueError, TypeError):
        return max(email.utils.parsedate_to_datetime(text) - at, timedelta(0))
    return None


def _connection(target: address.Target, seconds: float) -> HTTPConnection:
    """To the address that was checked, with the name that was meant: in TLS and as Host."""
    if target.scheme == "http":
        return HTTPConnection(target.address, target.port, timeout=seconds)
    return HTTPSConnection(
        target.address,
        target.port,
        timeout=seconds,
        ssl_context=trusted(),
        server_hostname=target.host,
    )


@cache
def trusted() -> ssl.SSLContext:
    """The certificates that the system trusts; they take long to load."""
    context = create_urllib3_context(cert_reqs=ssl.CERT_REQUIRED)
    context.load_default_certs()
    return context


def _answer(
    connection: HTTPConnection,
    target: address.Target,
    body: str,
    headers: Mapping[str, str],
    started: float,
) -> Answer:
    connection.request(
        "POST",
        target.path,
        body=body.encode(),
        headers={
            "Host": target.authority,
            "Content-Type": "application/json",
            "Accept-Encoding": "identity",
            "Connection": "close",
            "User-Agent": "Wafa-Webhooks/1",
            **headers,
        },
        preload_content=False,
        decode_content=False,
    )
    answer = connection.getresponse()
    content = b""
    while len(content) < MAX_ANSWER:
        part = answer.read(MAX_ANSWER - len(content), decode_content=False)
        if not part:
            break
        content += part
    return Answer(
        seconds=time.monotonic() - started,
        status=answer.status,
        excerpt=content.decode(errors="replace").replace("\x00", "\ufffd")[:EXCERPT],
        asked=answer.headers.get("Retry-After", "")[:100],
    )


class _Deadline:
    """Ends the connection after `seconds`, whatever trickles in until then."""

    def __init__(self, connection: HTTPConnection, seconds: float) -> None:
        self.connection = connection
        self.socket: socket.socket | None = None  # the connection forgets it before the body is in
        self.is_over = False
        self.timer = threading.Timer(seconds, self._cut)
        self.timer.daemon = True

    def begin(self) -> None:
        """Connect; from then on the deadline alone says how long to wait."""
        self.timer.start()
        self.connection.connect()
        self.socket = self.connection.sock
        self.socket.settimeout(None)

    def check(self) -> None:
        """An answer that ends by being cut off looks like one that is complete."""
        if self.is_over:
            raise TimeoutError

    def end(self) -> None:
        self.timer.cancel()

    def _cut(self) -> None:
        self.is_over = True
        held = self.socket or self.connection.sock
        with suppress(OSError):
            if held is not None:
                # Of the plain socket: what TLS makes of it would wait for the other side.
                socket.socket.shutdown(held, socket.SHUT_RDWR)


def _failed(failure: Failure, started: float) -> Answer:
    return Answer(seconds=time.monotonic() - started, failure=failure.value)


def _failure_of(error: Exception) -> Failure:
    if isinstance(error, urllib3.exceptions.NewConnectionError):
        return Failure.UNREACHABLE
    if isinstance(error, (urllib3.exceptions.TimeoutError, TimeoutError)):
        return Failure.TIMEOUT
    if isinstance(error, (urllib3.exceptions.SSLError, ssl.SSLError)):
        return Failure.CERTIFICATE
    return Failure.BROKEN
