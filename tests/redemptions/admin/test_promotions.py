"""What the pages say of promotions that were redeemed without a code."""

import pytest
from django.urls import reverse

from tests.factories.promotion import PromotionTierFactory
from tests.factories.redemption import RedemptionFactory

pytestmark = pytest.mark.usefixtures("in_project")


def text(http, obj=None):
    name = "redemption_changelist" if obj is None else f"{obj._meta.model_name}_change"
    prefix = "redemptions" if obj is None else obj._meta.app_label
    url = reverse(f"admin:{prefix}_{name}", args=[obj.pk] if obj else [])
    response = http.get(url)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def tier():
    return PromotionTierFactory(name="Ten off")


@pytest.fixture
def redemption(tier):
    decision = {"redeemed_before": 0, "limit": None}
    return RedemptionFactory(
        voucher=None, code="", promotion_tier=tier, applied_amount=1000, decision=decision
    )


def test_the_list_and_the_page_name_the_tier(person, tier, redemption):
    http = person("Support agent")
    link = reverse("admin:campaigns_promotiontier_change", args=[tier.pk])

    for shown in (text(http), text(http, redemption)):
        assert f'<a href="{link}"><bdi>Ten off</bdi></a>' in shown
        assert "Several codes" not in shown
    assert "A promotion without a code" in text(http, redemption)


def test_the_page_of_a_tier_says_what_it_came_to(person, tier, redemption, at):
    RedemptionFactory(voucher=None, code="", promotion_tier=tier, rolled_back_at=at)

    shown = text(person("Marketer"), tier)

    assert "Redeemed</dt><dd>" in shown
    assert ">1</bdi>" in shown.split("Redeemed</dt>")[1][:80]
    assert "10.00 EUR" in shown.split("Discount given</dt>")[1][:80]


def test_the_list_of_redemptions_costs_as_many_queries_with_tiers(
    person, django_assert_max_num_queries
):
    http = person("Viewer")
    RedemptionFactory(voucher=None, code="", promotion_tier=PromotionTierFactory())
    text(http)
    with django_assert_max_num_queries(60) as short:
        text(http)
    for _ in range(6):
        RedemptionFactory(voucher=None, code="", promotion_tier=PromotionTierFactory())

    with django_assert_max_num_queries(len(short)):
        text(http)
