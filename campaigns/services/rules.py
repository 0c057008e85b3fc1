"""Validation rules: create, check, change, delete."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from campaigns import events
from campaigns.engine import rules as engine
from campaigns.models import (
    PromotionTier,
    RuleAssignment,
    RuleType,
    ValidationRule,
    Voucher,
)
from campaigns.queries import rules as rule_queries
from campaigns.services import definitions, state
from campaigns.services.rule_contexts import CONTEXT_TYPES
from campaigns.services.rule_kinds import Kinds
from loyalty_project.core import reading, wire
from loyalty_project.core.errors import Invalid
from loyalty_project.core.models import Project

DOCUMENT = ("rules", "applicable_to", "error", "bundle_rules")
NAME_MAX = 255
MESSAGE_MAX = 2000
NAMED_USES = 100


class RuleInUse(Invalid):
    """Something is restricted by the rule; `related_object_ids` in the body says what."""

    key = "resource_in_use"
    message = "Resource in use"


def create(*, project: Project, data: Mapping[str, Any], at: datetime) -> ValidationRule:
    """Make a rule from the published body.

    Raises Invalid, and InvalidCondition naming the numbered rule that could never be evaluated.
    """
    document = read(project=project, data=data)
    rule = ValidationRule(project=project, created_at=at)
    _set_names(rule, {"name": "", **data})
    with transaction.atomic():
        rule.definition = definitions.make(project=project, document=document)
        rule.save()
        state.stamp(project=project)
        events.rule_changed("business_validation_rule.created", rule=rule, at=at)
    return rule


def update(
    *, project: Project, rule: ValidationRule, data: Mapping[str, Any], at: datetime
) -> ValidationRule:
    """Change what is given, for all that the rule is assigned to: true when this returns.

    `rules` and `applicable_to` are replaced as a whole; null removes `error` and `bundle_rules`.
    Raises Invalid, InvalidCondition, NotFound, errors.Busy.
    """
    with transaction.atomic():
        state.exclusive_rule(rule=rule)
        _set_names(rule, data)
        current = rule.definition.data
        given = {name: data[name] for name in DOCUMENT if name in data}
        document = read(project=project, data={**current, **given}) if given else current
        if document != current:
            _reach(project, rule)
            rule.definition = definitions.make(project=project, document=document)
        rule.save()
        state.stamp(project=project)
        events.rule_changed("business_validation_rule.updated", rule=rule, at=at)
    return rule


def delete(*, project: Project, rule: ValidationRule, at: datetime) -> None:
    """Delete a rule that restricts nothing. Raises RuleInUse, NotFound, errors.Busy."""
    with transaction.atomic():
        state.exclusive_rule(rule=rule)
        _refuse_used(rule)
        events.rule_changed(
            "business_validation_rule.deleted", rule=rule, at=at, deleted_at=wire.instant(at)
        )
        rule.delete()
        state.stamp(project=project)


def read(*, project: Project, data: Mapping[str, Any]) -> dict[str, Any]:
    """The document of a rule as it will be stored, from `rules`, `applicable_to` and the like.

    `kinds` keeps how the metadata that it asks for is declared today, so that it always means the
    same. Raises Invalid and InvalidCondition.
    """
    document: dict[str, Any] = {
        "type": "validation_rule",
        "rules": reading.mapping(data.get("rules"), "rules"),
        "applicable_to": _applicable_to(data),
    }
    error = reading.mapping(data.get("error"), "error")
    message = reading.text(error.get("message"), "error.message", longest=MESSAGE_MAX)
    if message:
        document["error"] = {"message": message}
    if "bundle_rules" in data:
        document["bundle_rules"] = reading.mapping(data["bundle_rules"], "bundle_rules")
    kinds = Kinds(project=project)
    engine.read(document, rule_id="", schema=kinds)
    if kinds.asked:
        document["kinds"] = kinds.asked
    return document


def _applicable_to(data: Mapping[str, Any]) -> dict[str, Any]:
    given = reading.mapping(data.get("applicable_to"), "applicable_to")
    return {
        "included": _entries(given.get("included")),
        "excluded": _entries(given.get("excluded")),
        "included_all": given.get("included_all") is True,
    }


def _entries(given: Any) -> Any:
    """Also as a list object. What is no list is left for the engine to refuse."""
    if isinstance(given, Mapping):
        return given.get("data") or []
    return given or []


def _set_names(rule: ValidationRule, data: Mapping[str, Any]) -> None:
    if "name" in data:
        rule.name = reading.text(data["name"], "name", longest=NAME_MAX)
        if not rule.name:
            raise Invalid("Payload should have required property 'name'", extra={"field": "name"})
    kind = data.get("type")
    if kind is not None:
        if kind not in RuleType.values:
            raise reading.wrong("type", "must be equal to one of the allowed values")
        rule.type = kind
    context = data.get("context_type")
    if context is not None:
        if not isinstance(context, str) or context not in CONTEXT_TYPES:
            raise reading.wrong("context_type", "must be equal to one of the allowed values")
        rule.context_type = context


def _reach(project: Project, rule: ValidationRule) -> None:
    """Make redemptions under way read again, and keep new ones out until the commit."""
    assigned = RuleAssignment.objects.filter(rule=rule)
    tiers = PromotionTier.objects.filter(rule_assignments__rule=rule)
    codes = Voucher.objects.filter(rule_assignments__rule=rule)
    campaign_pks = {
        *assigned.filter(campaign__isnull=False).values_list("campaign", flat=True),
        *tiers.values_list("campaign", flat=True),
        *codes.filter(campaign__isnull=False).values_list("campaign", flat=True).distinct(),
    }
    own = Voucher.objects.filter(pk__in=codes.filter(campaign=None).values("pk"))
    if own.exists():
        state.alone_with_own_codes(project=project)
    state.revise(campaign_pks=campaign_pks)
    tiers.update(version=F("version") + 1)
    state.touch(vouchers=own)


def _refuse_used(rule: ValidationRule) -> None:
    uses = list(rule_queries.assignments().filter(rule=rule).order_by("pk")[:NAMED_USES])
    if not uses:
        return
    names = ", ".join(f"{use.related_object_type} {use.related_object_id}" for use in uses[:5])
    more = " and others" if len(uses) > 5 else ""
    raise RuleInUse(
        f"Validation rule {rule.name} is assigned to {names}{more}: remove its assignments first",
        resource_id=rule.public_id,
        resource_type="validation_rules",
        extra={"related_object_ids": [use.related_object_id for use in uses]},
    )
