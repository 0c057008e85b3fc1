"""Rules that change at the very moment of a redemption: what returned is true for everybody."""

import threading

import pytest

from campaigns.models import RuleAssignment, ValidationRule
from campaigns.services import rule_assignments, rules
from loyalty_project.core import clock, errors, guarded
from redemptions.context import Request, Wanted
from redemptions.models import Redemption
from redemptions.services import redemptions, tries
from tests.factories.campaign import CampaignFactory
from tests.factories.promotion import PromotionTierFactory
from tests.factories.validation_rule import RuleAssignmentFactory, ValidationRuleFactory

pytestmark = pytest.mark.django_db(transaction=True)
FROM_TWENTY_ONE = {"1": {"name": "order.amount", "conditions": {"$more_than": [2000]}}}


def request(name, kind="voucher"):
    return Request(redeemables=(Wanted(kind, name),), order={"amount": 2000})


def tighten(project, rule):
    return rules.update(project=project, rule=rule, data={"rules": FROM_TWENTY_ONE}, at=clock.now())


@pytest.fixture(params=["campaign", "code of a campaign", "own code", "tier"])
def ruled(request, code, in_project):
    """A rule, and the redeemable that it restricts through each kind of assignment."""
    rule = ValidationRuleFactory()
    if request.param == "tier":
        tier = PromotionTierFactory()
        RuleAssignmentFactory(rule=rule, promotion_tier=tier)
        return rule, ("promotion_tier", tier.public_id)
    campaign = None if request.param == "own code" else CampaignFactory(project=in_project)
    voucher = code("SPRING", campaign=campaign)
    target = {"campaign": campaign} if request.param == "campaign" else {"voucher": voucher}
    RuleAssignmentFactory(rule=rule, **target)
    return rule, ("voucher", "SPRING")


@pytest.mark.requirement(40)
def test_a_redemption_that_waited_for_the_change_is_decided_by_it(
    at_once, in_project, paused, ruled
):
    rule, (kind, name) = ruled
    changing = paused(rules.state, "stamp")

    def change():
        return tighten(in_project, rule)

    def redeem():
        changing.wait(5)
        found = request(name, kind)
        return redemptions.redeem(project=in_project, request=found, at=clock.now())

    _changed, result = at_once([change, redeem])

    assert isinstance(result, tries.NotRedeemable)
    assert result.key == "order_rules_violated"
    assert not Redemption.objects.filter(result="SUCCESS").exists()


def change_while_redeemed(at_once, project, monkeypatch, ruled):
    """Who was through first, and what the redemption came to."""
    rule, (kind, name) = ruled
    inside, order = threading.Event(), []
    original = guarded.run

    def run(statements):
        original(statements)
        if any(statement.about == "state" for statement in statements):
            inside.set()
            threading.Event().wait(0.5)
            order.append("redeemed")

    monkeypatch.setattr(redemptions.guarded, "run", run)

    def change():
        inside.wait(5)
        tighten(project, rule)
        order.append("changed")

    def redeem():
        found = request(name, kind)
        return redemptions.redeem(project=project, request=found, at=clock.now())

    _changed, result = at_once([change, redeem])
    return order, result.redemptions[0].result


@pytest.mark.requirement(40)
def test_a_change_waits_for_the_redemption_that_relies_on_the_rule(
    at_once, in_project, monkeypatch, ruled
):
    found = change_while_redeemed(at_once, in_project, monkeypatch, ruled)

    assert found == (["redeemed", "changed"], "SUCCESS")


def test_without_the_locks_the_old_rule_would_count_after_its_change(
    at_once, in_project, monkeypatch, ruled
):
    monkeypatch.setattr(rules.state, "revise", lambda **_campaigns: None)
    monkeypatch.setattr(rules.state, "alone_with_own_codes", lambda **_project: None)

    found = change_while_redeemed(at_once, in_project, monkeypatch, ruled)

    assert found == (["changed", "redeemed"], "SUCCESS")


def test_a_rule_is_either_deleted_or_assigned(at_once, in_project):
    for _ in range(6):
        rule, campaign = ValidationRuleFactory(), CampaignFactory(project=in_project)
        same = ValidationRule.objects.get(pk=rule.pk)

        results = at_once(
            [
                lambda rule=rule: rules.delete(project=in_project, rule=rule, at=clock.now()),
                lambda rule=same, to=campaign: rule_assignments.assign(
                    project=in_project, rule=rule, to=to, at=clock.now()
                ),
            ]
        )

        refused = [result for result in results if isinstance(result, errors.LoyaltyError)]
        assert len(refused) == 1
        kept = ValidationRule.objects.filter(pk=same.pk).exists()
        assert kept == RuleAssignment.objects.filter(campaign=campaign).exists()


def test_the_same_assignment_is_made_once_by_four(at_once, in_project):
    campaign = CampaignFactory(project=in_project)
    rule = ValidationRuleFactory()

    def assign():
        return rule_assignments.assign(
            project=in_project,
            rule=ValidationRule.objects.get(pk=rule.pk),
            to=type(campaign).objects.get(pk=campaign.pk),
            at=clock.now(),
        )

    results = at_once([assign] * 4)

    duplicates = [r for r in results if isinstance(r, rule_assignments.DuplicateAssignment)]
    assert len(duplicates) == 3
    assert RuleAssignment.objects.count() == 1


def test_changes_and_assignments_of_many_do_not_wait_in_a_circle(at_once, in_project):
    campaigns = [CampaignFactory(project=in_project) for _ in range(4)]
    pair = [ValidationRuleFactory(), ValidationRuleFactory()]
    for rule in pair:
        for campaign in campaigns[:2]:
            RuleAssignmentFactory(rule=rule, campaign=campaign)

    def change(rule, amount):
        document = {"1": {"name": "order.amount", "conditions": {"$more_than": [amount]}}}
        found = ValidationRule.objects.get(pk=rule.pk)
        return rules.update(
            project=in_project, rule=found, data={"rules": document}, at=clock.now()
        )

    def assign(rule, campaign):
        return rule_assignments.assign(
            project=in_project,
            rule=ValidationRule.objects.get(pk=rule.pk),
            to=type(campaign).objects.get(pk=campaign.pk),
            at=clock.now(),
        )

    results = at_once(
        [
            lambda: change(pair[0], 1),
            lambda: change(pair[1], 2),
            lambda: assign(pair[0], campaigns[2]),
            lambda: assign(pair[1], campaigns[3]),
            lambda: change(pair[0], 3),
        ]
    )

    assert [result for result in results if isinstance(result, errors.LoyaltyError)] == []
    assert RuleAssignment.objects.count() == 6
