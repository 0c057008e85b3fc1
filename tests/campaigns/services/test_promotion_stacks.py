"""Promotion stacks: tiers of one campaign in a sequence."""

import pytest

from campaigns.models import Campaign, PromotionStack, StackedTier
from campaigns.serializers.promotion import stack_json
from campaigns.services import kinds, promotion_stacks, protection
from loyalty_project.core.errors import Invalid, NotFound
from loyalty_project.core.models import OutboxEvent
from tests.factories.campaign import CampaignFactory
from tests.factories.category import CategoryFactory
from tests.factories.promotion import (
    PromotionFactory,
    PromotionStackFactory,
    PromotionTierFactory,
    stack_of_one,
)

pytestmark = pytest.mark.usefixtures("in_project")


def body(tiers, **changes):
    return {"name": "Both", "tiers": {"ids": [tier.public_id for tier in tiers]}, **changes}


def types():
    return list(OutboxEvent.objects.order_by("pk").values_list("type", flat=True))


def test_keeps_the_sequence_of_the_tiers(project, at):
    campaign, category = PromotionFactory(), CategoryFactory()
    first, second, third = PromotionTierFactory.create_batch(3, campaign=campaign)

    stack = promotion_stacks.create(
        project=project,
        campaign=campaign,
        data=body([third, first, second], category_id=category.public_id),
        at=at,
    )

    shown = stack_json(stack)
    assert shown == {
        "id": stack.public_id,
        "name": "Both",
        "created_at": "2026-03-02T12:00:00.000Z",
        "updated_at": shown["updated_at"],
        "campaign_id": campaign.public_id,
        "tiers": {
            "ids": [third.public_id, first.public_id, second.public_id],
            "hierarchy_mode": "MANUAL",
        },
        "category_id": category.public_id,
        "categories": shown["categories"],
        "object": "promotion_stack",
    }
    assert [entry["id"] for entry in shown["categories"]] == [category.public_id]
    assert types() == ["campaign.promotion_stack.created"]


def test_another_sequence_takes_the_place_of_the_former_one(project, at):
    campaign = PromotionFactory()
    first, second, third = PromotionTierFactory.create_batch(3, campaign=campaign)
    stack = PromotionStackFactory(campaign=campaign, tiers=[first, second])
    project.refresh_from_db()
    before = project.version

    changed = promotion_stacks.update(
        project=project, stack=stack, data=body([third, second, first], name="All"), at=at
    )

    assert [place.tier for place in changed.places.all()] == [third, second, first]
    assert changed.name == "All"
    assert types() == ["campaign.promotion_stack.updated"]
    assert Campaign.objects.get().version == campaign.version + 1
    project.refresh_from_db()
    assert project.version == before + 1


def test_the_history_says_which_places_changed(project, at):
    campaign = PromotionFactory()
    first, second, third = PromotionTierFactory.create_batch(3, campaign=campaign)
    stack = PromotionStackFactory(campaign=campaign, tiers=[first, second])
    seen = StackedTier.history.latest().history_id

    promotion_stacks.update(project=project, stack=stack, data=body([second, third]), at=at)

    rows = StackedTier.history.filter(history_id__gt=seen).order_by("history_id")
    assert [(row.history_type, row.tier, row.position) for row in rows] == [
        ("~", second, 0),
        ("+", third, 1),
        ("-", first, 0),
    ]


def test_a_name_alone_leaves_the_tiers(project, at):
    stack = stack_of_one()

    changed = promotion_stacks.update(project=project, stack=stack, data={"name": "New"}, at=at)

    assert changed.name == "New"
    assert changed.places.count() == 1


def test_deletes_a_stack_and_keeps_its_tiers(project, at):
    stack = stack_of_one()
    tier = stack.places.get().tier

    promotion_stacks.delete(project=project, stack=stack, at=at)

    assert not PromotionStack.objects.exists()
    assert not StackedTier.objects.exists()
    tier.refresh_from_db()
    assert tier.deleted_at is None
    assert Campaign.objects.get().version == stack.campaign.version + 1


@pytest.mark.parametrize(
    ("chosen", "changes", "error", "details"),
    [
        ([], {}, Invalid, "Property .tiers.ids must NOT have fewer than 1 items"),
        ([0, 0], {}, Invalid, "Property .tiers.ids must NOT have duplicate items"),
        ([0] * 31, {}, Invalid, "Property .tiers.ids must NOT have more than 30 items"),
        ([0], {"name": " "}, Invalid, "Payload should have required property 'name'"),
        ([0], {"category_id": "cat_x"}, NotFound, "Cannot find category with id cat_x"),
    ],
)
def test_writes_nothing_of_a_stack_that_is_wrong(project, at, chosen, changes, error, details):
    tier = PromotionTierFactory()

    with pytest.raises(error) as refusal:
        promotion_stacks.create(
            project=project,
            campaign=tier.campaign,
            data=body([tier for _ in chosen], **changes),
            at=at,
        )

    assert refusal.value.details == details
    assert not PromotionStack.objects.exists()
    assert not OutboxEvent.objects.exists()


def test_knows_the_tiers_of_its_own_campaign_only(project, at):
    ours, theirs = PromotionTierFactory(), PromotionTierFactory()
    gone = PromotionTierFactory(campaign=ours.campaign, deleted_at=at)

    for other in (theirs, gone):
        with pytest.raises(NotFound) as refusal:
            promotion_stacks.create(
                project=project, campaign=ours.campaign, data=body([ours, other]), at=at
            )
        assert refusal.value.details == f"Cannot find promotion_tier with id {other.public_id}"

    assert not PromotionStack.objects.exists()


def test_refuses_stacks_for_a_campaign_of_codes(project, at):
    with pytest.raises(kinds.InvalidCampaign):
        promotion_stacks.create(
            project=project, campaign=CampaignFactory(), data=body([PromotionTierFactory()]), at=at
        )


def test_leaves_the_stacks_of_a_protected_campaign_alone(project, at):
    stack = stack_of_one(campaign={"protected": True})
    tier = stack.places.get().tier

    for act in (
        lambda: promotion_stacks.create(
            project=project, campaign=stack.campaign, data=body([tier]), at=at
        ),
        lambda: promotion_stacks.update(project=project, stack=stack, data={"name": "N"}, at=at),
        lambda: promotion_stacks.delete(project=project, stack=stack, at=at),
    ):
        with pytest.raises(protection.Protected):
            act()

    assert PromotionStack.objects.get().name == stack.name


def test_does_not_find_a_stack_that_is_gone(project, at):
    stack = stack_of_one()
    PromotionStack.objects.all().delete()

    with pytest.raises(NotFound) as refusal:
        promotion_stacks.update(project=project, stack=stack, data={"name": "N"}, at=at)

    assert refusal.value.details == f"Cannot find promotion_stack with id {stack.public_id}"
