"""What apps above know of a campaign, code or promotion tier, in panels of its page."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from campaigns.models import Campaign, PromotionTier, Voucher

Row = Campaign | Voucher | PromotionTier
Panels = list[tuple[Any, Any]]
MORE: list[Callable[[HttpRequest, Row], Panels]] = []


def panels(request: HttpRequest, obj: Row) -> Panels:
    """Titles with what stands under them."""
    return [panel for more in MORE for panel in more(request, obj)]
