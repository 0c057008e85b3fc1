"""What the views of validations and redemptions share."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import translation
from drf_spectacular.utils import OpenApiParameter

from campaigns.engine.redeemable import Kind
from campaigns.engine.scenarios import Scenario
from campaigns.queries import promotions as promotion_queries
from loyalty_project.core.api import filters, metadata_filters, query
from loyalty_project.core.api.views import ApiView
from loyalty_project.core.errors import Invalid
from redemptions.api.inputs.redeemable import request_of
from redemptions.context import Request, Wanted
from redemptions.context.offers import Filters
from redemptions.serializers.explanation import explained
from redemptions.serializers.validation import ValidationJson, validation_json
from redemptions.services import automatic, holds, validations
from redemptions.services.qualifications import LIMIT_MAX, Wish
from redemptions.services.validations import Validated

AUDIENCE = OpenApiParameter("audienceRulesOnly", bool, description="Leave out rules of orders.")
_TIERS = {
    "metadata": metadata_filters.Metadata(),
    "promotion_id": filters.Text("campaign__public_id"),
}


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


def one_tier(tier_id: str) -> tuple[Wanted, ...]:
    """Raises NotFound for an unknown id, which the older endpoints do not record as a try."""
    promotion_queries.get_tier(reference=tier_id)
    return (Wanted(Kind.PROMOTION_TIER.value, tier_id),)


def scenario_of(tree: query.Tree) -> Scenario:
    """What the older endpoints call `audienceRulesOnly`."""
    audience = query.text(tree, "audienceRulesOnly") == "true"
    return Scenario.AUDIENCE_ONLY if audience else Scenario.ALL


def promotions_wanted(tree: query.Tree, *, at: datetime) -> Wish:
    """Promotion tiers alone, narrowed by the published filters. Raises InvalidQuery."""
    condition: Q = filters.build(tree.get("filters"), _TIERS, at=at)
    return Wish(
        scenario=scenario_of(tree),
        limit=LIMIT_MAX,
        filters=Filters(vouchers=None, tiers=condition, stacks=None),
    )


def held(view: ApiView, request: Request) -> Validated:
    """The validation of one code or tier, held for its session if there is one."""
    done = validations.validate(project=view.project, request=request, at=view.at)
    return holds.hold(project=view.project, validated=done, at=view.at)


def validation(view: ApiView, given: dict[str, Any], *, trusted: bool) -> ValidationJson:
    """The answer to a validation; with `auto` of what saves most without being named."""
    speak(given)
    request = request_of(given, trusted=trusted)
    if request.session is not None:
        # It says what the cart is now: nothing else stays held.
        request = replace(request, session=replace(request.session, is_whole=True))
    if given.get("auto"):
        applied = automatic.validate(project=view.project, request=request, at=view.at)
        done, left_out = applied.validated, applied.left_out
    else:
        if not given.get("redeemables"):
            raise Invalid("Payload should have required property 'redeemables'")
        done, left_out = validations.validate(project=view.project, request=request, at=view.at), ()
    done = holds.hold(project=view.project, validated=done, at=view.at)
    body = validation_json(done.request, done.loaded, done.evaluation, tracking_id=done.tracking_id)
    if given.get("auto"):
        body["left_out"] = [
            {"object": one.kind, "id": one.id, "saving": one.saving, "reason": "lower_value"}
            for one in left_out
        ]
    return explained(body, done.request, done.loaded)
