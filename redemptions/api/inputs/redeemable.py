import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from loyalty_project.core.api import inputs
from redemptions.api.inputs.order import OrderInput, Person
from redemptions.api.inputs.session import SessionInput, session_of
from redemptions.context import DEFAULT_EXPAND, Request, Wanted

KINDS = ("voucher", "promotion_tier", "promotion_stack")
EXPANDABLE = ("order", "redeemable", "redemption", "category")
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z]{2,4})?", re.ASCII)


class Later(inputs.Anything):
    """A member that belongs to a feature which is not there: refused, for it would not be kept."""

    default_error_messages = {"later": "must be absent: {feature} are not available"}

    def __init__(self, feature: str, **kwargs: Any) -> None:
        self.feature = feature
        super().__init__(required=False, **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        return self.fail("later", feature=self.feature)


class Language(inputs.Text):
    default_error_messages = {
        "pattern": 'must match pattern "^[a-zA-Z]{{2,3}}(-[a-zA-Z]{{2,4}})?$"'
    }

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if not _LANGUAGE.fullmatch(text):
            self.fail("pattern")
        return text


class GiftInput(inputs.Input):
    """How much a gift card pays; without it as much as the order takes."""

    credits = inputs.Money(min_value=1)


class RedeemableInput(inputs.Input):
    """A code, or the id of a code or promotion."""

    object = inputs.OneOf(KINDS)
    id = inputs.Text(max_length=255)
    gift = GiftInput(required=False)
    reward = Later("rewards")


class OptionsInput(inputs.Input):
    """`expand` says what to show beside the result, `language` in which language to explain.

    With `explain` each redeemable says why it applies or not, and what would help.
    """

    expand = inputs.ListOf(child=inputs.OneOf(EXPANDABLE), required=False)
    language = Language(required=False)
    explain = inputs.Flag(required=False)


class SituationInput(inputs.Input):
    """Who asks, with which order, from where.

    `context` says where it happens: `channel`, `placement`, `store` and what else rules ask for.
    """

    order = OrderInput(required=False)
    customer = Person(required=False)
    metadata = inputs.Metadata(required=False)
    tracking_id = inputs.Text(required=False, max_length=255)
    session = SessionInput(required=False)

    def get_fields(self) -> dict[str, Any]:
        """`context` is what the framework calls an attribute of every field, too."""
        return {**super().get_fields(), "context": inputs.Object(required=False)}


class RequestInput(SituationInput):
    """What validations and redemptions have in common."""

    options = OptionsInput(required=False)


class RedeemablesInput(RequestInput):
    """A request for one or more redeemables."""

    redeemables = RedeemableInput(many=True, min_length=1, max_length=100)


class ValidationInput(RequestInput):
    """`auto` asks for what saves most without being named; `redeemables` may then be absent."""

    redeemables = RedeemableInput(many=True, required=False, min_length=1, max_length=100)
    auto = inputs.Flag(required=False)


class SingleInput(RequestInput):
    """The older request for one code, which stands in the URL."""

    gift = GiftInput(required=False)
    reward = Later("rewards")


class ClientQueryInput(inputs.Input):
    """The query of the older client-side validations."""

    amount = inputs.Money(required=False)
    tracking_id = inputs.Text(required=False, max_length=255)
    customer = Person(required=False)
    metadata = inputs.Metadata(required=False)
    item = inputs.Anything(required=False)
    items = inputs.Anything(required=False)
    order = OrderInput(required=False)
    session = SessionInput(required=False)


class ClientValidationInput(ClientQueryInput):
    """Of one code."""

    code = inputs.Text(max_length=255)


class RollbackInput(inputs.Input):
    """What a rollback may say; customer and order must be those of the redemption."""

    reason = inputs.Text(required=False, allow_blank=True, max_length=500)
    tracking_id = inputs.Text(required=False, max_length=255)
    customer = Person(required=False)
    order = OrderInput(required=False)
    metadata = inputs.Metadata(required=False)


def request_of(
    given: Mapping[str, Any], *, wanted: tuple[Wanted, ...] | None = None, trusted: bool = True
) -> Request:
    """The request of a checked payload; `wanted` for those that name one code elsewhere."""
    order = dict(given["order"]) if "order" in given else None
    customer = given.get("customer")
    if customer is None and order is not None:
        customer = order.get("customer") or order.get("customer_id")
    options = given.get("options") or {}
    if wanted is None:
        wanted = tuple(_wanted(one) for one in given.get("redeemables") or ())
    elif given.get("gift"):
        wanted = tuple(replace(one, credits=given["gift"]["credits"]) for one in wanted)
    return Request(
        redeemables=wanted,
        order=order,
        customer=customer,
        metadata=given.get("metadata") or {},
        tracking_id=given.get("tracking_id"),
        expand=frozenset(options["expand"]) if "expand" in options else DEFAULT_EXPAND,
        trusted=trusted,
        context=given.get("context") or {},
        explain=options.get("explain", False),
        session=session_of(given.get("session"), trusted=trusted),
    )


def _wanted(one: Mapping[str, Any]) -> Wanted:
    gift = one.get("gift") or {}
    return Wanted(one["object"], one["id"], gift.get("credits"))
