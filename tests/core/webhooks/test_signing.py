"""What is signed can be checked by the reference library and by the published vectors."""

import json
import re
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from loyalty_project.core.webhooks import signing
from tests.architecture import source

BODY = '{"type":"order.paid","name":"Çay ☕"}'
GUIDE = source.ROOT / "docs" / "webhooks.md"
OLD, NEW = signing.new_secret(), signing.new_secret()


def signed(*keys, body=BODY, at=None):
    timestamp = int((at or datetime.now(UTC)).timestamp())
    return signing.headers(message_id="whs_1", timestamp=timestamp, body=body, keys=keys)


def is_valid(headers, secret, body=BODY):
    try:
        return Webhook(secret).verify(body, headers) == json.loads(body)
    except WebhookVerificationError:
        return False


@pytest.mark.requirement(211)
def test_the_reference_library_accepts_what_we_sign_and_nothing_else(at):
    headers = signed(NEW)

    assert is_valid(headers, NEW)
    assert not is_valid(headers, OLD)
    assert not is_valid(headers, NEW, body=BODY.replace("paid", "lost"))
    assert not is_valid({**headers, "webhook-id": "whs_2"}, NEW)
    assert not is_valid(signed(NEW, at=at), NEW)  # too long ago


def test_both_secrets_are_good_while_a_rotation_lasts():
    headers = signed(NEW, OLD)

    assert is_valid(headers, NEW)
    assert is_valid(headers, OLD)
    assert headers["x-voucherify-signature"] == signing.published(BODY, NEW)


@pytest.mark.parametrize(
    ("body", "signature"),
    [
        ('{"a":1}', "a17d2ac229d1ebbb5f10e839c7985c4818e5986eab297f7e5979196d4d7d3ed2"),
        (r'{"a\"b":1}', "f7cf97814a03146abedb9793f56e1dec34f618f82d10395310d053f749483ffb"),
        ("  message  ", "53ff92957e1427ce23ad5bda9d0c5f2f4ff384d0806b83eeacb510c842d3a358"),
    ],
)
def test_the_published_signature_is_that_of_the_published_vectors(body, signature):
    assert signing.published(body, "secretKey") == signature


def test_the_code_in_the_guide_verifies_and_refuses():
    blocks = re.findall(r"```python\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    guide = {}
    exec(blocks[1], guide)
    headers = signed(NEW, OLD)

    assert "standardwebhooks" in blocks[0]
    assert guide["is_ours"](BODY.encode(), headers, OLD)
    assert not guide["is_ours"](BODY.encode() + b" ", headers, OLD)
    assert not guide["is_ours"](BODY.encode(), headers, signing.new_secret())
    assert not guide["is_ours"](
        BODY.encode(), signed(NEW, at=datetime(2026, 3, 2, tzinfo=UTC)), NEW
    )
