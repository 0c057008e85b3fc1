"""Whether a validation rule alone holds for a request, whatever it is assigned to."""

from datetime import datetime

from campaigns.engine import asks, pricing, rules
from campaigns.engine.redeemable import Kind, Redeemable
from campaigns.engine.rules import check
from campaigns.models import ValidationRule
from campaigns.snapshots import definitions
from loyalty_project.core import metadata
from loyalty_project.core.models import Project
from redemptions.context import Request
from redemptions.context.load import begin, complete
from redemptions.context.wanted import Found, named


def holds(*, project: Project, rule: ValidationRule, request: Request, at: datetime) -> bool:
    """Whether the request may use what the rule restricts. Writes nothing.

    What the rule counts is at its first use here, and no discount has changed the order. Raises
    Invalid, and NotFound for an unknown id of an order or customer.
    """
    metadata.check(project=project, resource="redemption", values=request.metadata)
    alone = Redeemable(Kind.VOUCHER, rule.public_id)
    redeemable = named(rules.assign(alone, [definitions.rule(rule)]), rule.public_id)
    asked = asks.of([redeemable])
    loaded = begin(project=project, request=request, asked=asked, at=at)
    context = complete(project=project, loaded=loaded, found=Found((redeemable,), {})).context
    order = None if context.order is None else pricing.begin(context.order)
    refusals = (
        check.refusal(redeemable, context, order, order, looks_after=looks_after)
        for looks_after in (False, True)
    )
    return not any(refusals)
