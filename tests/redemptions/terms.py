"""Campaigns, codes and tiers under rules and limits, as a marketer would have made them."""

from redemptions.context import Request, Wanted
from redemptions.services import redemptions, rollbacks, validations
from redemptions.services.rollbacks import Wish
from tests.factories.campaign import DefinitionVersionFactory
from tests.factories.validation_rule import RuleAssignmentFactory, ValidationRuleFactory


def ruled(owner, *conditions, logic=None, **document):
    """Assign a rule of `(name, conditions)` or `(name, property, conditions)` to a row."""
    rules = {}
    for number, (name, *more) in enumerate(conditions, start=1):
        rules[str(number)] = {"name": name, "conditions": more[-1]}
        if len(more) > 1:
            rules[str(number)]["property"] = more[0]
    if logic:
        rules["logic"] = logic
    data = {"type": "validation_rule", "rules": rules, **document}
    rule = ValidationRuleFactory(definition=DefinitionVersionFactory(data=data))
    name = {"Campaign": "campaign", "Voucher": "voucher"}.get(type(owner).__name__)
    RuleAssignmentFactory(rule=rule, **{name or "promotion_tier": owner})
    return rule


def asked(*names, kind="voucher", amount=2000, **values):
    order = values.pop("order", {"amount": amount})
    return Request(redeemables=tuple(Wanted(kind, n) for n in names), order=order, **values)


def validate(project, at, *names, **values):
    request = asked(*names, **values)
    return validations.validate(project=project, request=request, at=at).evaluation


def why(project, at, *names, **values):
    """The key of the first refusal, None where it is valid."""
    evaluation = validate(project, at, *names, **values)
    return None if evaluation.valid else evaluation.inapplicable[0].reason.key


def redeem(project, at, *names, **values):
    return redemptions.redeem(project=project, request=asked(*names, **values), at=at)


def undo(project, at, redemption):
    return rollbacks.roll_back_stack(
        project=project, reference=redemption.public_id, wish=Wish(), at=at
    )
