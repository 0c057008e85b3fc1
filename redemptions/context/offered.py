"""What was found for a customer: offers, and the best use of several incentives."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from campaigns.engine.best import Best
from campaigns.engine.scenarios import Qualified
from redemptions.context.offers import Candidate
from redemptions.context.request import Loaded, Request


@dataclass(frozen=True, slots=True)
class Offer:
    candidate: Candidate
    qualified: Qualified


@dataclass(frozen=True, slots=True)
class Offers:
    """`more_after` is where the next page begins, None at the end."""

    request: Request
    loaded: Loaded
    offers: Sequence[Offer]
    tracking_id: str | None
    has_more: bool = False
    more_after: datetime | None = None


@dataclass(frozen=True, slots=True)
class BestUse:
    """The combination that saves most of what was asked for."""

    request: Request
    loaded: Loaded
    best: Best
    tracking_id: str | None
