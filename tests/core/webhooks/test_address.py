"""Which URLs a webhook may call: the public internet, in one notation, on ports for the web."""

import re

import pytest

from loyalty_project.core.webhooks import address

# Names of a made-up internet; what is not here has no address.
NAMES = {
    "shop.example": ["93.184.216.34"],
    "six.example": ["2606:2800:220:1:248:1893:25c8:1946"],
    "both.example": ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"],
    "xn--bcher-kva.example": ["93.184.216.35"],
    "localhost": ["127.0.0.1", "::1"],
    "localhost.": ["127.0.0.1"],
    "inside.example": ["10.0.0.7"],
    "half.example": ["93.184.216.34", "127.0.0.1"],
    "half6.example": ["93.184.216.34", "fd00::1"],
    "mapped.example": ["::ffff:10.0.0.7"],
    "metadata.google.internal": ["169.254.169.254"],
    "scoped.example": ["fe80::1%eth0"],
    "127.0.0.1.nip.example": ["127.0.0.1"],
    "odd.example": ["not an address"],
    "empty.example": [],
}
ALLOWED = {
    "https://shop.example": ("shop.example", 443, "/", "93.184.216.34"),
    "https://SHOP.example/Hook?a=1&b=2": ("shop.example", 443, "/Hook?a=1&b=2", "93.184.216.34"),
    "https://shop.example:8443/x": ("shop.example:8443", 8443, "/x", "93.184.216.34"),
    "https://shop.example/x#part": ("shop.example", 443, "/x", "93.184.216.34"),
    "https://93.184.216.34/x": ("93.184.216.34", 443, "/x", "93.184.216.34"),
    "https://both.example/": ("both.example", 443, "/", "93.184.216.34"),
    "https://xn--bcher-kva.example/": ("xn--bcher-kva.example", 443, "/", "93.184.216.35"),
    "https://[2606:2800:220:1:248:1893:25c8:1946]/x": (
        "[2606:2800:220:1:248:1893:25c8:1946]",
        443,
        "/x",
        "2606:2800:220:1:248:1893:25c8:1946",
    ),
    "https://six.example/": ("six.example", 443, "/", "2606:2800:220:1:248:1893:25c8:1946"),
}
# This machine, its network, and clouds, in all notations that a library might understand.
HOSTS = re.split(
    r"\s+",
    """127.0.0.1 127.0.0.53 127.1 127.0.1 2130706433 0x7f000001 0x7f.0.0.1 0177.0.0.1 017700000001
    127.0.0.1. 0x7f.1 00000177.1 127.0.0.0x1 0.0.0.0 0 10.0.0.1 10.255.255.255 172.16.0.1
    172.31.255.254 192.168.0.1 192.168.178.1 100.64.0.1 100.100.100.200 169.254.169.254
    169.254.170.2 192.0.0.192 192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1
    239.255.255.250 240.0.0.1 255.255.255.255 168.63.129.16 192.88.99.1 [::1] [::]
    [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::ffff:169.254.169.254] [::127.0.0.1]
    [::ffff:0:127.0.0.1] [64:ff9b::127.0.0.1] [64:ff9b::a9fe:a9fe] [64:ff9b:1::1] [2002:7f00:1::]
    [2002:a00:1::1] [2001::1] [2001:db8::1] [fc00::1] [fd00:ec2::254] [fe80::1] [fe80::1%25eth0]
    [fec0::1] [ff02::1] [100::1] localhost localhost. inside.example half.example half6.example
    mapped.example metadata.google.internal scoped.example 127.0.0.1.nip.example odd.example""",
)
REFUSED = [
    *(f"https://{host}/" for host in HOSTS),
    "http://shop.example/",
    "ftp://shop.example/",
    "file:///etc/passwd",
    "gopher://shop.example/_x",
    "dict://shop.example:11211/stat",
    "data:text/plain,x",
    "//shop.example/",
    "shop.example/hook",
    "",
    "https://",
    "https:///hook",
    "https://user@shop.example/",
    "https://user:secret@shop.example/",
    "https://shop.example@127.0.0.1/",
    "https://shop.example:22/",
    "https://shop.example:25/",
    "https://shop.example:80/",
    "https://shop.example:6379/",
    "https://shop.example:5432/",
    "https://shop.example:0/",
    "https://shop.example:99999/",
    "https://shop.example:x/",
    "https://shop.example\\@127.0.0.1/",
    "https://shop.example/a b",
    "https://shop.example/\r\nX-Evil: 1",
    "https://shop.example/\x00",
    "https://bücher.example/",
    "https://１２７.0.0.1/",
    "https://[::1/",
    "https://[shop.example]/",
    f"https://shop.example/{'x' * 2000}",
]


def fake(host, _port):
    if host not in NAMES:
        raise address.UnknownHost(host)
    return NAMES[host]


@pytest.fixture(autouse=True)
def _as_in_production(settings):
    settings.WEBHOOK_ALLOW_PRIVATE = settings.WEBHOOK_ALLOW_HTTP = False


@pytest.mark.parametrize("url", ALLOWED)
def test_goes_to_the_address_that_was_checked_under_the_name_that_was_meant(url):
    found = address.target(url, resolver=fake)

    assert (found.authority, found.port, found.path, found.address) == ALLOWED[url]


@pytest.mark.parametrize("url", REFUSED)
def test_refuses(url):
    with pytest.raises(address.RefusedAddress):
        address.target(url, resolver=fake)


def test_the_table_is_long_enough():
    assert len(set(REFUSED)) >= 90


@pytest.mark.parametrize("url", ["https://nobody.example/", "https://empty.example/"])
def test_a_name_without_address_is_tried_again_later(url):
    with pytest.raises(address.UnknownHost):
        address.target(url, resolver=fake)


def test_asks_for_the_name_once_so_that_a_second_answer_counts_for_nothing():
    asked = []

    def rebinding(host, _port):
        asked.append(host)
        return ["93.184.216.34"] if len(asked) == 1 else ["127.0.0.1"]

    assert address.target("https://shop.example/", resolver=rebinding).address == "93.184.216.34"
    assert asked == ["shop.example"]


def test_settings_for_development_allow_this_machine_and_plain_http(settings):
    settings.WEBHOOK_ALLOW_HTTP = True
    assert address.target("http://shop.example/", resolver=fake).port == 80
    with pytest.raises(address.RefusedAddress):
        address.target("http://localhost/", resolver=fake)

    settings.WEBHOOK_ALLOW_PRIVATE = True
    assert address.target("http://localhost:22/", resolver=fake).address == "127.0.0.1"
    with pytest.raises(address.RefusedAddress):
        address.target("file:///etc/passwd", resolver=fake)
