"""What rules restrict: assigned, taken away, and set by campaigns and codes."""

import pytest

from campaigns import queries
from campaigns.models import Campaign, RuleAssignment
from campaigns.serializers.campaign import campaign_json
from campaigns.serializers.voucher import voucher_json
from campaigns.services import campaigns, definitions, protection, rule_assignments, vouchers
from loyalty_project.core.errors import Invalid, NotFound
from loyalty_project.core.models import OutboxEvent
from tests.factories.campaign import CampaignFactory
from tests.factories.promotion import PromotionTierFactory
from tests.factories.validation_rule import RuleAssignmentFactory, ValidationRuleFactory
from tests.factories.voucher import VoucherFactory

pytestmark = pytest.mark.usefixtures("in_project")
TEN_OFF = {"type": "DISCOUNT_VOUCHER", "discount": {"type": "AMOUNT", "amount_off": 1000}}


@pytest.fixture
def rule():
    return ValidationRuleFactory()


@pytest.fixture
def tier():
    return PromotionTierFactory()


def of(listed):
    """Rules of a published list of assignments."""
    return [entry["rule_id"] for entry in listed["validation_rules_assignments"]["data"]]


def announced():
    return list(
        OutboxEvent.objects.filter(type__contains="assignment")
        .order_by("pk")
        .values_list("type", flat=True)
    )


CREATED = "business_validation_rule.assignment.created"
DELETED = "business_validation_rule.assignment.deleted"


def test_restricts_a_campaign(project, rule, at):
    campaign = CampaignFactory()

    assignment = rule_assignments.assign(project=project, rule=rule, to=campaign, at=at)

    expected = {
        "id": assignment.public_id,
        "rule_id": rule.public_id,
        "related_object_id": campaign.public_id,
        "related_object_type": "campaign",
        "created_at": "2026-03-02T12:00:00.000Z",
        "object": "validation_rules_assignment",
    }
    stored = Campaign.objects.get()
    assert campaign_json(stored)["validation_rules_assignments"] == {
        "object": "list",
        "data_ref": "data",
        "data": [expected],
        "total": 1,
    }
    assert stored.version == campaign.version + 1
    event = OutboxEvent.objects.get()
    assert (event.type, event.subject) == (CREATED, assignment.public_id)
    assert event.data["assignment"] == expected
    assert event.data["rule"]["assignments_count"] == 1
    assert of(event.data["campaign"]) == [rule.public_id]
    assert event.data["voucher"] is None


def test_restricts_a_code_and_not_its_campaign(project, rule, at):
    voucher = VoucherFactory(campaign=CampaignFactory())
    before = voucher.updated_at

    rule_assignments.assign(project=project, rule=rule, to=voucher, at=at)

    found = queries.get_voucher(reference=voucher.code)
    assert of(voucher_json(found)) == [rule.public_id]
    assert of(campaign_json(found.campaign)) == []
    assert found.updated_at > before
    assert OutboxEvent.objects.get().data["voucher"]["code"] == voucher.code


def test_restricts_a_promotion_tier(project, rule, tier, at):
    version = tier.campaign.version

    rule_assignments.assign(project=project, rule=rule, to=tier, at=at)

    tier.refresh_from_db()
    assert (tier.version, tier.campaign.version) == (2, version + 1)
    assert OutboxEvent.objects.get().data["promotion_tier"]["id"] == tier.public_id


def test_restricts_by_several_rules(project, at):
    campaign = CampaignFactory()
    pair = [ValidationRuleFactory(), ValidationRuleFactory()]
    for rule in pair:
        rule_assignments.assign(project=project, rule=rule, to=campaign, at=at)

    assert of(campaign_json(Campaign.objects.get())) == [rule.public_id for rule in pair]


def test_leaves_protected_campaigns_alone(project, rule, at):
    campaign = CampaignFactory(protected=True)
    kept = RuleAssignmentFactory(campaign=campaign)
    tier = PromotionTierFactory(campaign__protected=True)

    for to in (campaign, tier):
        with pytest.raises(protection.Protected):
            rule_assignments.assign(project=project, rule=rule, to=to, at=at)
    with pytest.raises(protection.Protected):
        rule_assignments.unassign(project=project, assignment=kept, at=at)

    assert RuleAssignment.objects.get() == kept


def test_refuses_the_same_rule_twice_unless_forced(project, rule, at):
    campaign = CampaignFactory()
    first = rule_assignments.assign(project=project, rule=rule, to=campaign, at=at)

    with pytest.raises(rule_assignments.DuplicateAssignment) as refusal:
        rule_assignments.assign(project=project, rule=rule, to=campaign, at=at)

    assert refusal.value.status == 409
    assert refusal.value.details == (
        f"Duplicated validation_rules_assignment exists with id {first.public_id}"
    )
    again = rule_assignments.assign(project=project, rule=rule, to=campaign, at=at, force=True)
    assert again.public_id != first.public_id
    assert RuleAssignment.objects.get() == again
    assert announced() == [CREATED, DELETED, CREATED]


def test_lifts_a_restriction(project, rule, at):
    campaign = CampaignFactory()
    assignment = RuleAssignmentFactory(rule=rule, campaign=campaign)

    rule_assignments.unassign(project=project, assignment=assignment, at=at)

    assert not RuleAssignment.objects.exists()
    assert Campaign.objects.get().version == campaign.version + 1
    assert announced() == [DELETED]
    said = OutboxEvent.objects.get().data
    assert said["assignment"]["id"] == assignment.public_id
    assert (of(said["campaign"]), said["rule"]["assignments_count"]) == ([], 0)
    with pytest.raises(NotFound):
        rule_assignments.unassign(project=project, assignment=assignment, at=at)


def test_lifts_a_restriction_of_what_is_in_the_bin(project, rule, tier, at):
    gone = CampaignFactory(deleted_at=at), VoucherFactory(deleted_at=at)
    rows = [
        RuleAssignmentFactory(rule=rule, campaign=gone[0]),
        RuleAssignmentFactory(rule=rule, voucher=gone[1]),
        RuleAssignmentFactory(rule=rule, promotion_tier=tier),
    ]

    for row in rows:
        rule_assignments.unassign(project=project, assignment=row, at=at)

    assert not RuleAssignment.objects.exists()


def test_does_not_restrict_what_is_in_the_bin(project, rule, at):
    for gone in (CampaignFactory(deleted_at=at), VoucherFactory(deleted_at=at)):
        with pytest.raises(NotFound):
            rule_assignments.assign(project=project, rule=rule, to=gone, at=at)

    assert not RuleAssignment.objects.exists()


def test_finds_what_a_request_names(tier):
    campaign, voucher = CampaignFactory(name="Autumn"), VoucherFactory(code="TEN")

    def find(kind, reference):
        return rule_assignments.target(kind=kind, reference=reference)

    assert find("campaign", "Autumn") == find("campaign", campaign.public_id) == campaign
    assert find("voucher", "TEN") == find("voucher", voucher.public_id) == voucher
    assert find("promotion_tier", tier.public_id) == tier
    with pytest.raises(NotFound):
        find("promotion_tier", "promo_x")
    with pytest.raises(Invalid, match="one of the allowed values: campaign, voucher"):
        find("customer", "cust_x")
    with pytest.raises(definitions.NotAvailable, match="distributions are not supported yet"):
        find("distribution", "distr_x")


def test_a_campaign_is_made_with_its_rule(project, rule, at):
    data = {"name": "Autumn", "voucher": TEN_OFF, "validation_rules": [rule.public_id]}

    campaign = campaigns.create(project=project, data=data, at=at)

    assert of(campaign_json(campaign)) == [rule.public_id]
    assert of(OutboxEvent.objects.get(type="campaign.created").data["campaign"]) == [rule.public_id]
    assert announced() == [CREATED]


@pytest.mark.parametrize("kind", ["own", "named", "drawn"])
def test_a_code_is_made_with_its_rule(project, rule, at, kind):
    data = {**TEN_OFF, "validation_rules": [rule.public_id]}
    if kind == "own":
        voucher = vouchers.create(project=project, data=data, at=at)
    else:
        code = "TEN" if kind == "named" else None
        voucher = vouchers.issue(
            project=project, campaign=CampaignFactory(), data=data, code=code, at=at
        )

    assert of(voucher_json(voucher)) == [rule.public_id]
    assert of(OutboxEvent.objects.get(type="voucher.created").data["voucher"]) == [rule.public_id]
    assert OutboxEvent.objects.get(type=CREATED).data["voucher"]["code"] == voucher.code


def test_a_change_replaces_the_rule(project, rule, at):
    campaign = campaigns.create(project=project, data={"name": "Autumn", "voucher": TEN_OFF}, at=at)
    voucher = vouchers.create(project=project, data=TEN_OFF, at=at)
    other = ValidationRuleFactory()

    def change(**data):
        campaigns.update(project=project, campaign=campaign, data=data, at=at)
        changed = vouchers.update(project=project, voucher=voucher, data=data, at=at)
        return of(campaign_json(campaign)), of(voucher_json(changed))

    first = [rule.public_id], [rule.public_id]
    assert change(validation_rules=[rule.public_id]) == first
    assert change(validation_rules=[rule.public_id, rule.public_id]) == first
    assert change(description="Ten off") == first
    second = [other.public_id], [other.public_id]
    assert change(validation_rules=[other.public_id]) == second
    assert change(validation_rules=[]) == ([], [])
    assert announced() == [CREATED] * 2 + [DELETED, CREATED] * 2 + [DELETED] * 2


def test_a_request_names_one_known_rule(project, rule, at):
    for references, error in (
        (["val_x"], NotFound),
        ([rule.public_id, ValidationRuleFactory().public_id], Invalid),
    ):
        data = {"name": "Autumn", "voucher": TEN_OFF, "validation_rules": references}
        with pytest.raises(error):
            campaigns.create(project=project, data=data, at=at)

    assert not Campaign.objects.exists()


def test_many_codes_take_their_rule_from_the_campaign(project, rule, at):
    data = {"validation_rules": [rule.public_id]}

    with pytest.raises(Invalid, match="is for a single code or for the campaign"):
        campaigns.add_vouchers(
            project=project, campaign=CampaignFactory(), count=2, data=data, at=at
        )
