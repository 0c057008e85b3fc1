"""`/v1/promotions/stacks` and the stacks of a campaign over HTTP."""

from datetime import timedelta

import pytest
import voucherify

from campaigns.models import PromotionStack
from tests.client import ApiClient
from tests.factories.api_key import server_headers
from tests.factories.category import CategoryFactory
from tests.factories.promotion import (
    PromotionFactory,
    PromotionStackFactory,
    PromotionTierFactory,
    stack_of_one,
)

pytestmark = pytest.mark.usefixtures("in_project")


def path(campaign, stack=None):
    base = f"/v1/promotions/{campaign.public_id}/stacks"
    return f"{base}/{stack.public_id}" if stack else base


def ids(answer):
    assert answer.status_code == 200, answer.content
    return [stack["id"] for stack in answer.json()["data"]]


def test_makes_a_stack_as_published(api):
    campaign = PromotionFactory()
    first, second = PromotionTierFactory.create_batch(2, campaign=campaign)
    body = {
        "name": "Fifth Stack",
        "tiers": {"ids": [second.public_id, first.public_id], "hierarchy_mode": "MANUAL"},
        "category_id": CategoryFactory().public_id,
    }

    answer = api.post(path(campaign), body)

    assert answer.status_code == 200
    data = answer.json()
    voucherify.PromotionsStacksCreateResponseBody.model_validate(data)
    assert data == {**data, **body, "campaign_id": campaign.public_id, "object": "promotion_stack"}
    assert api.get(path(campaign, PromotionStack.objects.get())).json() == data


def test_changes_and_deletes_a_stack(api):
    stack = stack_of_one(category=CategoryFactory())
    tier = PromotionTierFactory(campaign=stack.campaign)
    body = {"name": "Modified", "tiers": {"ids": [tier.public_id]}, "category_id": None}

    changed = api.put(path(stack.campaign, stack), body)
    gone = api.delete(path(stack.campaign, stack))

    voucherify.PromotionsStacksUpdateResponseBody.model_validate(changed.json())
    assert changed.json()["tiers"] == {"ids": [tier.public_id], "hierarchy_mode": "MANUAL"}
    assert (changed.json()["name"], changed.json()["category_id"]) == ("Modified", None)
    assert (gone.status_code, gone.content) == (204, b"")
    missing = api.get(path(stack.campaign, stack))
    assert missing.status_code == 404
    assert missing.json()["details"] == f"Cannot find promotion_stack with id {stack.public_id}"


@pytest.mark.parametrize(
    ("body", "details"),
    [
        ({"tiers": {"ids": ["promo_x"]}}, "Payload should have required property 'name'"),
        ({"name": "Both"}, "Payload should have required property 'tiers'"),
        (
            {"name": "Both", "tiers": {"ids": []}},
            "Property .tiers.ids must NOT have fewer than 1 items",
        ),
        (
            {"name": "Both", "tiers": {"ids": ["promo_x"] * 31}},
            "Property .tiers.ids must NOT have more than 30 items",
        ),
        (
            {"name": "Both", "tiers": {"ids": ["promo_x"], "hierarchy_mode": "AUTO"}},
            "Property .tiers.hierarchy_mode must be equal to one of the allowed values: MANUAL",
        ),
    ],
)
def test_names_what_is_wrong(api, body, details):
    answer = api.post(path(PromotionFactory()), body)

    assert (answer.status_code, answer.json()["key"]) == (400, "invalid_payload")
    assert answer.json()["details"] == details
    assert not PromotionStack.objects.exists()


def test_finds_a_stack_under_its_own_campaign_only(api):
    stack, other = stack_of_one(), PromotionFactory()

    for answer in (
        api.get(path(other, stack)),
        api.put(path(other, stack), {"name": "Mine"}),
        api.delete(path(other, stack)),
    ):
        assert answer.status_code == 404
    assert PromotionStack.objects.get().name == stack.name


def test_lists_filters_and_sorts(api, at):
    old = stack_of_one(name="B", created_at=at - timedelta(days=1))
    new = stack_of_one(name="A", created_at=at)
    everywhere = "/v1/promotions/stacks"

    assert ids(api.get(everywhere)) == [new.public_id, old.public_id]
    assert ids(api.get(everywhere, {"order": "-name"})) == [old.public_id, new.public_id]
    assert ids(api.get(path(old.campaign))) == [old.public_id]
    before = {"created_at[before]": "2026-03-02"}
    assert ids(api.get(everywhere, before)) == [old.public_id]
    after = {"filters[created_at][conditions][$after][0]": "2026-03-02"}
    assert ids(api.get(everywhere, after)) == [new.public_id]
    voucherify.PromotionsStacksListResponseBody.model_validate(api.get(everywhere).json())


def test_a_long_list_costs_as_many_queries_as_a_short_one(api, django_assert_max_num_queries):
    stack_of_one(category=CategoryFactory())
    with django_assert_max_num_queries(20) as short:
        api.get("/v1/promotions/stacks", {"limit": 100})
    for _ in range(8):
        campaign = PromotionFactory()
        tiers = PromotionTierFactory.create_batch(3, campaign=campaign)
        PromotionStackFactory(campaign=campaign, tiers=tiers, category=CategoryFactory())

    with django_assert_max_num_queries(len(short)):
        assert len(ids(api.get("/v1/promotions/stacks", {"limit": 100}))) == 9


def test_a_viewer_reads_and_changes_nothing(project):
    stack = stack_of_one()
    viewer = ApiClient(server_headers(project, role="VIEWER"))

    assert viewer.get(path(stack.campaign, stack)).status_code == 200
    assert viewer.delete(path(stack.campaign, stack)).status_code == 403
    assert PromotionStack.objects.exists()
