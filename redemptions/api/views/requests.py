"""What the views of validations and redemptions share."""

from typing import Any

from django.utils import translation

from campaigns.engine.redeemable import Kind
from loyalty_project.core.errors import NotFound
from redemptions.context import Wanted


def speak(given: dict[str, Any]) -> None:
    """Explain in the language that the request asks for, if we know it."""
    language = (given.get("options") or {}).get("language")
    if not language:
        return
    try:
        translation.activate(translation.get_supported_language_variant(language.lower()))
    except LookupError:
        return


def one_code(code: str) -> tuple[Wanted, ...]:
    return (Wanted(Kind.VOUCHER.value, code),)


def no_tier(tier_id: str) -> NotFound:
    """What each id of a promotion tier answers while no project has any."""
    return NotFound.of("promotion_tier", tier_id)
