"""Promotion tiers: creating, changing, switching and deleting them."""

from datetime import timedelta

import pytest

from campaigns import queries
from campaigns.models import Campaign, DefinitionVersion, PromotionStack, PromotionTier
from campaigns.queries import promotions as promotion_queries
from campaigns.serializers.promotion import tier_json
from campaigns.services import campaigns, deletion, kinds, promotions, protection
from loyalty_project.core import metadata
from loyalty_project.core.errors import Invalid, NotFound
from loyalty_project.core.models import OutboxEvent
from tests.factories.campaign import CampaignFactory
from tests.factories.category import CategoryFactory
from tests.factories.platform import MetadataSchemaFactory
from tests.factories.promotion import (
    PromotionFactory,
    PromotionStackFactory,
    PromotionTierFactory,
    stack_of_one,
)
from tests.factories.redemption import RedemptionFactory

pytestmark = pytest.mark.usefixtures("in_project")
TEN_OFF = {"type": "AMOUNT", "amount_off": 1000}


def body(**changes):
    return {"name": "Ten off", "action": {"discount": TEN_OFF}, **changes}


def types():
    return list(OutboxEvent.objects.order_by("pk").values_list("type", flat=True))


def versions(project):
    project.refresh_from_db()
    return project.version


def test_adds_a_tier_after_the_others(project, at):
    campaign = PromotionFactory()
    before = versions(project)

    made = [
        promotions.create(project=project, campaign=campaign, data=body(**given), at=at)
        for given in ({}, {"hierarchy": 7}, {"banner": "Hello"})
    ]

    assert [(tier.hierarchy, tier.banner) for tier in made] == [(1, ""), (7, ""), (8, "Hello")]
    assert made[0].definition.data == {"type": "PROMOTION_TIER", "discount": TEN_OFF}
    assert types() == ["campaign.promotion_tier.created"] * 3
    assert versions(project) == before + 3


def test_a_new_tier_looks_as_it_is_recorded_from_the_live_service(project, at):
    campaign = PromotionFactory()

    tier = promotions.create(project=project, campaign=campaign, data=body(banner="Hi"), at=at)

    assert tier_json(tier) == {
        "id": tier.public_id,
        "created_at": "2026-03-02T12:00:00.000Z",
        "updated_at": tier_json(tier)["updated_at"],
        "name": "Ten off",
        "banner": "Hi",
        "action": {"discount": TEN_OFF},
        "metadata": {},
        "hierarchy": 1,
        "promotion_id": campaign.public_id,
        "campaign": {
            "id": campaign.public_id,
            "start_date": None,
            "expiration_date": None,
            "active": True,
            "object": "campaign",
        },
        "campaign_id": campaign.public_id,
        "active": True,
        "object": "promotion_tier",
        "validation_rule_assignments": {
            "object": "list",
            "data_ref": "data",
            "data": [],
            "total": 0,
        },
        "category_id": None,
        "categories": [],
    }


@pytest.mark.parametrize(
    ("changes", "error", "details"),
    [
        ({"name": " "}, Invalid, "Payload should have required property 'name'"),
        ({"action": None}, Invalid, "Payload should have required property 'action.discount'"),
        (
            {"action": {"discount": {"type": "AMOUNT"}}},
            Invalid,
            "Property .discount.amount_off is required",
        ),
        ({"category_id": "cat_x"}, NotFound, "Cannot find category with id cat_x"),
        ({"validation_rules": ["val_x"]}, NotFound, "Cannot find validation_rules with id val_x"),
        (
            {"validity_timeframe": {"interval": "P2D", "duration": "P1D"}},
            Invalid,
            "Property .start_date is required with .validity_timeframe",
        ),
        (
            {"metadata": {"level": 5}},
            metadata.MetadataValidationFailed,
            "level: must be a string (actual value is 5)",
        ),
    ],
)
def test_writes_nothing_of_a_tier_that_is_wrong(project, at, changes, error, details):
    MetadataSchemaFactory(related_object="promotion_tier", properties={"level": {"type": "string"}})
    campaign = PromotionFactory()

    with pytest.raises(error) as refusal:
        promotions.create(project=project, campaign=campaign, data=body(**changes), at=at)

    assert refusal.value.details == details
    assert not PromotionTier.objects.exists()
    assert not DefinitionVersion.objects.exists()
    assert not OutboxEvent.objects.exists()


def test_a_timeframe_may_count_from_the_start_of_the_campaign(project, at):
    campaign = PromotionFactory(starts_at=at)
    frame = {"interval": "P2D", "duration": "P1D"}

    tier = promotions.create(
        project=project, campaign=campaign, data=body(validity_timeframe=frame), at=at
    )

    assert tier.validity_timeframe == frame


def test_refuses_a_tier_for_a_campaign_of_codes(project, at):
    with pytest.raises(kinds.InvalidCampaign) as refusal:
        promotions.create(project=project, campaign=CampaignFactory(), data=body(), at=at)

    assert (refusal.value.status, refusal.value.key) == (400, "invalid_campaign")
    assert refusal.value.details == (
        "You can not add promotion tiers to DISCOUNT_COUPONS type campaign."
    )


def test_refuses_more_tiers_than_a_campaign_may_have(project, at, monkeypatch):
    monkeypatch.setattr(promotions, "MAX_TIERS", 2)
    campaign = PromotionFactory()
    PromotionTierFactory.create_batch(2, campaign=campaign)
    PromotionTierFactory()

    with pytest.raises(Invalid) as refusal:
        promotions.create(project=project, campaign=campaign, data=body(), at=at)

    assert refusal.value.details == "A campaign must NOT have more than 2 promotion tiers"


def test_changes_what_is_given_also_the_type_of_the_discount(project, at):
    category = CategoryFactory()
    tier = PromotionTierFactory(banner="Hello", category=category, metadata={"a": 1, "b": 2})
    former = tier.definition
    quarter = {"type": "PERCENT", "percent_off": 25, "effect": "APPLY_TO_ORDER"}

    changed = promotions.update(
        project=project,
        tier=tier,
        data={
            "name": "A quarter off",
            "action": {"discount": quarter},
            "hierarchy": 3,
            "expiration_date": at + timedelta(days=2),
            "metadata": {"a": None, "c": 3},
        },
        at=at,
    )

    changed.refresh_from_db()
    assert (changed.name, changed.banner, changed.hierarchy) == ("A quarter off", "Hello", 3)
    assert changed.definition.data == {"type": "PROMOTION_TIER", "discount": quarter}
    assert changed.expires_at == at + timedelta(days=2)
    assert changed.metadata == {"b": 2, "c": 3}
    assert changed.category == category
    assert changed.version == tier.version + 1
    assert DefinitionVersion.objects.filter(pk=former.pk).exists()
    assert types() == ["campaign.promotion_tier.updated"]
    assert changed.history.count() == 2


def test_keeps_the_definition_of_a_discount_that_stays_the_same(project, at):
    tier = PromotionTierFactory()

    changed = promotions.update(
        project=project, tier=tier, data={"action": {"discount": TEN_OFF}, "name": "New"}, at=at
    )

    assert changed.definition == tier.definition


def test_switches_off_and_on_and_says_so_once(project, at):
    tier = PromotionTierFactory()

    off = promotions.disable(project=project, tier=tier, at=at)
    again = promotions.disable(project=project, tier=tier, at=at)
    on = promotions.enable(project=project, tier=tier, at=at)

    assert (off.active, again.active, on.active) == (False, False, True)
    assert on.version == tier.version + 2
    assert types() == ["campaign.promotion_tier.disabled", "campaign.promotion_tier.enabled"]


def test_a_deleted_tier_leaves_its_stacks_and_keeps_its_redemptions(project, at):
    campaign = PromotionFactory()
    first, second = PromotionTierFactory.create_batch(2, campaign=campaign)
    both = PromotionStackFactory(campaign=campaign, tiers=[first, second])
    alone = PromotionStackFactory(campaign=campaign, tiers=[first])
    redemption = RedemptionFactory(voucher=None, code="", promotion_tier=first)

    promotions.delete(project=project, tier=first, at=at)

    assert [place.tier for place in both.places.all()] == [second]
    assert [place.position for place in both.places.all()] == [0]
    assert not PromotionStack.objects.filter(pk=alone.pk).exists()
    redemption.refresh_from_db()
    assert redemption.promotion_tier.deleted_at == at
    assert promotion_queries.of_campaign(campaign) == [second]
    assert Campaign.objects.get().version == campaign.version + 1
    assert types() == ["campaign.promotion_stack.updated", "campaign.promotion_tier.deleted"]
    with pytest.raises(NotFound) as refusal:
        promotions.update(project=project, tier=first, data={"name": "Back"}, at=at)
    assert refusal.value.details == f"Cannot find promotion_tier with id {first.public_id}"


def test_leaves_the_tiers_of_a_protected_campaign_alone(project, at):
    tier = PromotionTierFactory(campaign__protected=True)
    acts = [
        lambda: promotions.create(project=project, campaign=tier.campaign, data=body(), at=at),
        lambda: promotions.update(project=project, tier=tier, data={"name": "New"}, at=at),
        lambda: promotions.delete(project=project, tier=tier, at=at),
    ]

    for act in acts:
        with pytest.raises(protection.Protected):
            act()

    assert promotion_queries.of_campaign(tier.campaign) == [tier]
    assert not OutboxEvent.objects.exists()


def test_a_campaign_in_the_bin_takes_its_tiers_along(project, at, work):
    tier = PromotionTierFactory()

    deletion.delete_campaign(project=project, campaign=tier.campaign, force=False, at=at)
    work()

    assert not queries.promotion_tiers().exists()
    assert PromotionTier.objects.get().deleted_at is None


def test_deletes_a_campaign_with_its_tiers_and_stacks_for_good(project, at, work):
    stack = stack_of_one()

    deletion.delete_campaign(project=project, campaign=stack.campaign, force=True, at=at)
    work()

    assert not Campaign.objects.exists()
    assert not PromotionTier.objects.exists()
    assert not PromotionStack.objects.exists()


def test_does_not_delete_a_redeemed_tier_for_good(project, at):
    tier = PromotionTierFactory()
    RedemptionFactory(voucher=None, code="", promotion_tier=tier)

    with pytest.raises(deletion.ResourceInUse):
        deletion.delete_campaign(project=project, campaign=tier.campaign, force=True, at=at)

    assert promotion_queries.of_campaign(tier.campaign) == [tier]


def test_changes_a_promotion_but_gives_it_no_codes(project, at):
    campaign = PromotionFactory(name="Autumn")

    campaigns.update(project=project, campaign=campaign, data={"description": "For all"}, at=at)
    with pytest.raises(kinds.InvalidCampaign) as refusal:
        campaigns.update(project=project, campaign=campaign, data={"discount": TEN_OFF}, at=at)

    assert refusal.value.details == "Property .discount is not for campaigns of type PROMOTION"
    campaign.refresh_from_db()
    assert (campaign.description, campaign.generation_status) == ("For all", "DONE")
    assert campaign.voucher_template is None
