"""Which share of all customers can use a campaign already: a place that each keeps for ever."""

import hashlib
from decimal import Decimal

from campaigns.engine.context import Context
from campaigns.engine.redeemable import Redeemable

EVERYBODY = 100


def percent_of(redeemable: Redeemable) -> int:
    """How many percent of the customers may use it."""
    campaign = redeemable.campaign
    return EVERYBODY if campaign is None else campaign.rollout_percent


def place_of(redeemable: Redeemable, context: Context) -> Decimal | None:
    """Between 0 and 99.99, another one in each campaign; None where nobody says who it is.

    The id that the shop gave comes first: it is there before the first order makes our own.
    """
    customer = context.customer
    identity = None if customer is None else customer.source_id or customer.id
    if identity is None:
        return None
    campaign = redeemable.campaign.id if redeemable.campaign is not None else redeemable.id
    digest = hashlib.sha256(f"{campaign}:{identity}".encode()).digest()
    return Decimal(int.from_bytes(digest[:8]) % 10_000) / 100
