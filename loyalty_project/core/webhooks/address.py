"""Which addresses may be called from here: public ones, and the very one that was checked.

A name is resolved once, every address that it has is judged, and the connection goes to the first
of them, so that nobody can answer with another address in between.
"""

import ipaddress
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], list[str]]
_PORTS = {"https": 443, "http": 80}
_FIRST_FREE_PORT = 1024
_PRIVATE = _("The address must be one of the public internet.")
# Servers that take whatever they are sent for a command.
_REFUSED_PORTS = frozenset(
    {1433, 1521, 2049, 2375, 2379, 3306, 3389, 5432, 5672, 5900, 6379, 8500, 9092, 9200, 9300}
    | {10250, 11211, 27017}
)
# Public by their numbers, and not on the internet: metadata of clouds, and what wraps IPv4.
_REFUSED_NETWORKS = tuple(
    ipaddress.ip_network(network)
    for network in (
        "168.63.129.16/32",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "::/96",
        "::ffff:0:0:0/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",
        "2002::/16",
        "3fff::/20",
        "5f00::/16",
        "fec0::/10",
    )
)


class RefusedAddress(ValueError):
    """Its text says, in the active language, what to write instead; never what listens there."""

    def __init__(self, reason: Promise, **params: str) -> None:
        super().__init__()
        self.reason, self.params = reason, params

    def __str__(self) -> str:
        return str(self.reason) % self.params if self.params else str(self.reason)


class UnknownHost(ValueError):
    """The name has no address, at least not now."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where to connect to, and what to say there. `host` is as in the URL, without brackets."""

    scheme: str
    host: str
    port: int
    path: str
    address: str

    @property
    def authority(self) -> str:
        """The Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def resolve(host: str, port: int) -> list[str]:
    """All addresses of a name. Raises UnknownHost."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnknownHost("The name of the host has no address.") from error
    return [str(entry[4][0]) for entry in found]


def check(url: str) -> SplitResult:
    """The parts of a URL that may be called, as far as its text tells. Raises RefusedAddress."""
    if len(url) > 2000 or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise RefusedAddress(_("The address must be a URL of at most 2000 plain characters."))
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise RefusedAddress(_("The address cannot be read as a URL.")) from error
    if parts.scheme not in _schemes():
        begins = " / ".join(f"{scheme}://" for scheme in _schemes())
        raise RefusedAddress(_("The address must begin with %(begins)s."), begins=begins)
    if not parts.hostname or parts.username is not None or parts.password is not None:
        raise RefusedAddress(_("The address must name a host, and neither user nor password."))
    if not settings.WEBHOOK_ALLOW_PRIVATE and port is not None:
        _check_port(port, parts.scheme)
    literal = _literal(parts.hostname)
    if literal is not None:
        _check_public([literal])
    return parts


def target(url: str, *, resolver: Resolver = resolve) -> Target:
    """Where a call of `url` goes. Raises RefusedAddress, or UnknownHost."""
    parts = check(url)
    host = str(parts.hostname)
    port = parts.port or _PORTS[parts.scheme]
    literal = _literal(host)
    found = [literal] if literal else [_parsed(text) for text in resolver(host, port)]
    if not found:
        raise UnknownHost("The name of the host has no address.")
    _check_public(found)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path, str(found[0]))


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public internet, in whatever notation it came."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id is not None:
            return False
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
    refused = any(
        address in network for network in _REFUSED_NETWORKS if network.version == address.version
    )
    return address.is_global and not (
        refused
        or address.is_multicast
        or address.is_reserved
        or address.is_link_local
        or address.is_loopback
        or address.is_unspecified
    )


def _schemes() -> list[str]:
    return ["https", "http"] if settings.WEBHOOK_ALLOW_HTTP else ["https"]


def _check_port(port: int, scheme: str) -> None:
    usual = port in _PORTS.values() and (port == _PORTS[scheme] or settings.WEBHOOK_ALLOW_HTTP)
    if not usual and (port < _FIRST_FREE_PORT or port in _REFUSED_PORTS):
        raise RefusedAddress(
            _("Webhooks do not go to this port. Use 443, or one above 1023 that no service owns.")
        )


def _check_public(addresses: Iterable[Address]) -> None:
    if not settings.WEBHOOK_ALLOW_PRIVATE and not all(map(is_public, addresses)):
        raise RefusedAddress(_PRIVATE)


def _literal(host: str) -> Address | None:
    """The address that `host` is, None for a name.

    A host that ends in a number is an IPv4 address for every library, in notations that only some
    know; one way to write it is enough.
    """
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        last = host.rstrip(".").rpartition(".")[2].lower()
        if ":" in host or last.isdigit() or last.startswith("0x") or not last:
            message = _("Write the address of the host as four numbers, or use its name.")
            raise RefusedAddress(message) from None
        return None


def _parsed(text: str) -> Address:
    try:
        return ipaddress.ip_address(text)
    except ValueError as error:
        raise RefusedAddress(_PRIVATE) from error
