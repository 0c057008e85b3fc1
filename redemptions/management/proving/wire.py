"""Redeeming over the API, in this process but through everything that a call passes."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.test import Client

from loyalty_project.core.errors import Busy
from redemptions.management.proving.shop import ORDER


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    replayed: bool


def redeem(
    headers: Mapping[str, str], code: str, key: str, *, amount: int = ORDER
) -> Callable[[], Answer]:
    """Send one redemption under an Idempotency-Key. Raises Busy for who shall try again."""
    body = {
        "redeemables": [{"object": "voucher", "id": code}],
        "order": {"amount": amount},
        "metadata": {"key": key},
    }

    def job() -> Answer:
        response = Client(raise_request_exception=False).post(
            "/v1/redemptions",
            json.dumps(body),
            content_type="application/json",
            headers={**headers, "Idempotency-Key": key},
        )
        if response.status_code == 409:
            raise Busy
        replayed = response.headers.get("Idempotent-Replayed") == "true"
        return Answer(response.status_code, response.content, replayed)

    return job
