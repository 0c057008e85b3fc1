"""Which campaigns, codes and promotion tiers a rule restricts.

Whoever assigns holds the rules first (`named`), then what they are assigned to, and has everybody
who relied on it read again.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from campaigns import events, queries
from campaigns.models import Campaign, PromotionTier, RuleAssignment, ValidationRule, Voucher
from campaigns.queries import promotions as promotion_queries
from campaigns.queries import rules as rule_queries
from campaigns.services import definitions, protection, state
from loyalty_project.core.errors import Conflict, Invalid
from loyalty_project.core.models import Project

Target = Campaign | Voucher | PromotionTier

# What brings the published targets that are not there yet.
_LATER = {
    "earning_rule": "loyalty programs",
    "reward_assignment": "rewards",
    "distribution": "distributions",
}
_KINDS = ("campaign", "voucher", "promotion_tier")
MAX_RULES = 1


class DuplicateAssignment(Conflict):
    """The rule restricts it already."""

    message = "Duplicated resource found"


def target(*, kind: str, reference: str) -> Target:
    """What a request wants a rule for, by id, code or name of a campaign.

    Raises Invalid, NotAvailable, NotFound.
    """
    if kind in _LATER:
        raise definitions.NotAvailable.of(".related_object_type", kind, _LATER[kind])
    if kind == "campaign":
        return queries.get_campaign(reference=reference)
    if kind == "voucher":
        return queries.get_voucher(reference=reference)
    if kind != "promotion_tier":
        raise Invalid(
            "Property .related_object_type must be equal to one of the allowed values:"
            f" {', '.join(_KINDS)}"
        )
    return promotion_queries.get_tier(reference=reference)


def assign(
    *,
    project: Project,
    rule: ValidationRule,
    to: Target,
    at: datetime,
    force: bool = False,
) -> RuleAssignment:
    """Restrict something by one more rule: true for everybody when this returns.

    `force` makes the assignment anew where it is there already. Raises DuplicateAssignment,
    Protected, NotFound, errors.Busy.
    """
    with transaction.atomic():
        state.hold_rules(rules=[rule])
        _hold(to)
        rule_queries.forget(to)
        known = next((each for each in _assigned(to) if each.rule_id == rule.pk), None)
        if known is not None and not force:
            raise DuplicateAssignment(
                f"Duplicated validation_rules_assignment exists with id {known.public_id}",
                resource_id=known.public_id,
                resource_type="validation_rules_assignment",
            )
        if known is not None:
            _remove(known, at=at)
        _touch(to)
        found = _add(project, rule, _whole(to), at=at)
        state.stamp(project=project)
    return found


def unassign(*, project: Project, assignment: RuleAssignment, at: datetime) -> None:
    """Lift the restriction, also of what is in the bin. Raises Protected, NotFound, errors.Busy."""
    with transaction.atomic():
        _hold_whatever(assignment.related_object)
        known = rule_queries.get_assignment(rule=assignment.rule, reference=assignment.public_id)
        to = known.related_object
        _touch(to)
        setattr(known, known.related_object_type, _whole(to))
        _remove(known, at=at)
        state.stamp(project=project)


def named(*, data: Mapping[str, Any]) -> list[ValidationRule] | None:
    """The rules that `validation_rules` of a request names, None where it says nothing of them.

    Call it first in the transaction: it keeps them as they are until the commit. Raises NotFound,
    Invalid for more than one, errors.Busy.
    """
    references = data.get("validation_rules")
    if references is None:
        return None
    if len(set(references)) > MAX_RULES:
        raise Invalid(f"Property .validation_rules must NOT have more than {MAX_RULES} items")
    found = [rule_queries.get(reference=reference) for reference in dict.fromkeys(references)]
    state.hold_rules(rules=found)
    return found


def set_for(
    *,
    project: Project,
    to: Target,
    rules: Sequence[ValidationRule] | None,
    at: datetime,
    announce: bool = True,
) -> None:
    """Restrict something by these rules and no others; None leaves it as it is.

    In a transaction in which `named` gave the rules, and which holds the object alone and raises
    its version, or has just made it.
    """
    if rules is None:
        return
    rule_queries.forget(to)
    wanted = {rule.pk: rule for rule in rules}
    for known in _assigned(to):
        if wanted.pop(known.rule_id, None) is None:
            _remove(known, at=at, announce=announce)
    for rule in wanted.values():
        _add(project, rule, to, at=at, announce=announce)


def _hold(to: Target) -> None:
    if isinstance(to, Voucher):
        state.exclusive_voucher(voucher=to)
        return
    campaign = to if isinstance(to, Campaign) else to.campaign
    state.exclusive(campaign=campaign)
    protection.refuse(campaign=campaign)


def _hold_whatever(to: Target) -> None:
    """As `_hold`, also of what is in the bin."""
    if isinstance(to, Voucher):
        state.alone_voucher(voucher_pk=to.pk)
        return
    campaign = to if isinstance(to, Campaign) else to.campaign
    state.alone(campaign_pk=campaign.pk)
    protection.refuse(campaign=campaign)


def _touch(to: Target) -> None:
    """Have redemptions under way read again. It is no change of settings: no history."""
    if isinstance(to, Voucher):
        state.touch(vouchers=Voucher.objects.filter(pk=to.pk))
        return
    if isinstance(to, PromotionTier):
        PromotionTier.objects.filter(pk=to.pk).update(version=F("version") + 1)
    campaign_pk = to.pk if isinstance(to, Campaign) else to.campaign_id
    Campaign.objects.filter(pk=campaign_pk).update(version=F("version") + 1)


def _whole(to: Target) -> Target:
    """A code as its wire form needs it."""
    return queries.all_vouchers().get(pk=to.pk) if isinstance(to, Voucher) else to


def _assigned(to: Target) -> list[RuleAssignment]:
    rows = RuleAssignment.objects.filter(**_key(to)).select_related("rule", "project")
    found = list(rows.order_by("pk"))
    for assignment in found:
        setattr(assignment, assignment.related_object_type, to)
    return found


def _key(to: Target) -> dict[str, Target]:
    if isinstance(to, Campaign):
        return {"campaign": to}
    return {"voucher": to} if isinstance(to, Voucher) else {"promotion_tier": to}


def _add(
    project: Project, rule: ValidationRule, to: Target, *, at: datetime, announce: bool = True
) -> RuleAssignment:
    found = RuleAssignment(project=project, rule=rule, created_at=at, **_key(to))
    found.save(force_insert=True)
    if announce:
        name = "business_validation_rule.assignment.created"
        events.assignment_changed(name, assignment=found, at=at)
    return found


def _remove(assignment: RuleAssignment, *, at: datetime, announce: bool = True) -> None:
    assignment.delete()
    if announce:
        name = "business_validation_rule.assignment.deleted"
        events.assignment_changed(name, assignment=assignment, at=at)
