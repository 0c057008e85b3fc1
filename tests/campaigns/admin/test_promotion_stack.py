"""The pages of promotion stacks, as a marketer uses them."""

import pytest
from django.urls import reverse

from campaigns.models import PromotionStack
from tests.factories.promotion import (
    PromotionFactory,
    PromotionStackFactory,
    PromotionTierFactory,
)

pytestmark = pytest.mark.usefixtures("in_project")
ADD_STACK = "admin:campaigns_promotionstack_add"


def page(obj):
    return reverse(f"admin:campaigns_{obj._meta.model_name}_change", args=[obj.pk])


def shown(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_stack_takes_the_tiers_by_their_numbers(person):
    campaign = PromotionFactory()
    first, second, third = PromotionTierFactory.create_batch(3, campaign=campaign)
    http = person("Marketer")
    url = f"{reverse(ADD_STACK)}?campaign={campaign.pk}"
    assert f'name="sequence_{first.public_id}"' in shown(http.get(url))

    made = http.post(
        url,
        {
            "campaign": campaign.pk,
            "name": "Both",
            "metadata": "{}",
            f"sequence_{first.public_id}": "20",
            f"sequence_{second.public_id}": "",
            f"sequence_{third.public_id}": "۳",
        },
    )

    assert made["Location"] == page(campaign)
    stack = PromotionStack.objects.get()
    assert [place.tier for place in stack.places.order_by("position")] == [third, first]
    text = shown(http.get(page(stack)))
    assert f'name="sequence_{third.public_id}" id="id_sequence_{third.public_id}" value="1"' in text


def test_a_stack_gets_another_sequence(person):
    campaign = PromotionFactory()
    first, second = PromotionTierFactory.create_batch(2, campaign=campaign)
    stack = PromotionStackFactory(campaign=campaign, name="Both", tiers=[first, second])
    numbers = {f"sequence_{first.public_id}": "2", f"sequence_{second.public_id}": "1"}

    person("Marketer").post(page(stack), {"name": "Both", "metadata": "{}", **numbers})

    assert [place.tier for place in stack.places.order_by("position")] == [second, first]


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        (["", ""], "Give at least one of them a number."),
        (["1", "1"], "Two of them have the number 1: give each its own."),
        (["one", ""], "Type whole numbers, such as 1, 2, 3."),
    ],
)
def test_says_what_is_wrong_with_the_numbers(person, numbers, text):
    campaign = PromotionFactory()
    tiers = PromotionTierFactory.create_batch(2, campaign=campaign)
    typed = {
        f"sequence_{tier.public_id}": number for tier, number in zip(tiers, numbers, strict=True)
    }

    answer = person("Marketer").post(
        reverse(ADD_STACK), {"campaign": campaign.pk, "name": "Both", "metadata": "{}", **typed}
    )

    assert text in shown(answer)
    assert not PromotionStack.objects.exists()


def test_the_tiers_appear_once_the_promotion_is_chosen(person):
    tier = PromotionTierFactory()
    http = person("Marketer")

    before = shown(http.get(reverse(ADD_STACK)))
    after = shown(
        http.post(reverse(ADD_STACK), {"campaign": tier.campaign.pk, "name": "B", "metadata": "{}"})
    )

    assert "Choose the promotion and save: its tiers appear here." in before
    assert f'name="sequence_{tier.public_id}"' in after
