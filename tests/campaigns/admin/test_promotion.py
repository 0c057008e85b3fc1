"""The pages of promotions, their tiers and stacks, as a marketer uses them."""

import pytest
from django.urls import reverse

from campaigns.models import Campaign, PromotionStack, PromotionTier
from tests.factories.campaign import CampaignFactory
from tests.factories.category import CategoryFactory
from tests.factories.promotion import (
    PromotionFactory,
    PromotionStackFactory,
    PromotionTierFactory,
)

pytestmark = pytest.mark.usefixtures("in_project")
ADD_CAMPAIGN = "admin:campaigns_campaign_add"
ADD_TIER = "admin:campaigns_promotiontier_add"
ADD_STACK = "admin:campaigns_promotionstack_add"


def page(obj):
    return reverse(f"admin:campaigns_{obj._meta.model_name}_change", args=[obj.pk])


def do(tier, name):
    return reverse("admin:campaigns_promotiontier_do", args=[tier.pk, name])


def tier_form(**changes):
    return {
        "name": "Ten off",
        "banner": "Ten off for you",
        "hierarchy": "",
        "discount_type": "AMOUNT",
        "amount_off": "10",
        "active": "on",
        "metadata": "{}",
        **changes,
    }


def shown(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_marketer_makes_a_promotion_and_adds_its_first_tier(person):
    http = person("Marketer")

    made = http.post(
        reverse(ADD_CAMPAIGN),
        {"campaign_type": "PROMOTION", "name": "Autumn", "active": "on", "metadata": "{}"},
        follow=True,
    )

    campaign = Campaign.objects.get()
    assert (campaign.campaign_type, campaign.voucher_template) == ("PROMOTION", None)
    text = shown(made)
    assert "Nothing is given yet" in text
    add = f"{reverse(ADD_TIER)}?campaign={campaign.pk}"
    assert add in text
    assert f'value="{campaign.pk}" selected' in shown(http.get(add))
    added = http.post(add, tier_form(campaign=campaign.pk, weekdays=["1"]), follow=True)
    assert added.request["PATH_INFO"] == page(campaign)
    tier = PromotionTier.objects.get()
    assert (tier.hierarchy, tier.banner, tier.active) == (1, "Ten off for you", True)
    assert tier.definition.data["discount"] == {"type": "AMOUNT", "amount_off": 1000}
    assert tier.validity_day_of_week == [1]
    assert tier.history.get().history_user.username.startswith("person")
    assert "10.00 EUR off" in shown(added)


def test_settings_of_codes_are_no_matter_of_a_promotion(person):
    """What stands in the sections that are out of sight is neither asked for nor refused."""
    http = person("Marketer")
    hidden = {"count": "x", "pattern": "", "discount_type": "PERCENT", "percent_off": "900"}

    http.post(
        reverse(ADD_CAMPAIGN),
        {"campaign_type": "PROMOTION", "name": "Autumn", "metadata": "{}", **hidden},
    )

    campaign = Campaign.objects.get()
    text = shown(http.get(page(campaign)))
    assert 'name="starts_at"' in text
    for name in ("discount_type", "redemption_limit", "type", "join_once"):
        assert f'name="{name}"' not in text
    assert "Add more codes" not in text
    assert "Export codes" not in text


def test_changes_a_promotion(person):
    campaign = PromotionFactory(name="Autumn")

    answer = person("Marketer").post(page(campaign), {"description": "For all", "metadata": "{}"})

    assert answer.status_code == 302
    campaign.refresh_from_db()
    assert (campaign.description, campaign.campaign_type) == ("For all", "PROMOTION")


def test_the_page_of_a_promotion_lists_its_tiers_in_their_sequence(person):
    campaign = PromotionFactory()
    last = PromotionTierFactory(campaign=campaign, hierarchy=9, name="Last", active=False)
    first = PromotionTierFactory(campaign=campaign, hierarchy=2, name="First")
    PromotionStackFactory(campaign=campaign, name="Both", tiers=[last, first])

    text = shown(person("Marketer").get(page(campaign)))

    assert text.index(">First<") < text.index(">Last<")
    assert do(first, "turn_off") in text
    assert do(last, "turn_on") in text
    assert "<li>Last</li><li>First</li>" in text
    assert f"{reverse(ADD_STACK)}?campaign={campaign.pk}" in text
    read_only = shown(person("Viewer").get(page(campaign)))
    assert do(first, "turn_off") not in read_only
    assert reverse(ADD_TIER) not in read_only


def test_a_tier_is_switched_off_after_a_confirmation(person):
    tier = PromotionTierFactory()
    http = person("Marketer")

    asked = shown(http.get(do(tier, "turn_off")))
    tier.refresh_from_db()
    still_on = tier.active
    http.post(do(tier, "turn_off"), {"confirmed": "yes"})

    assert "1 promotion tier is given to nobody from this moment" in asked
    tier.refresh_from_db()
    assert (still_on, tier.active) == (True, False)
    assert "1 promotion tier is given again at once" in shown(http.get(do(tier, "turn_on")))


def test_several_tiers_are_switched_from_the_list(person):
    tiers = PromotionTierFactory.create_batch(3)
    chosen = {"action": "disable", "_selected_action": [tier.pk for tier in tiers[:2]]}
    url = reverse("admin:campaigns_promotiontier_changelist")
    http = person("Marketer")

    asked = shown(http.post(url, chosen))
    http.post(url, {**chosen, "confirmed": "yes"})

    assert "2 promotion tiers are given to nobody" in asked
    assert [tier.active for tier in PromotionTier.objects.order_by("pk")] == [False, False, True]


@pytest.mark.parametrize("role", ["Support agent", "Viewer"])
def test_who_may_not_change_a_tier_cannot_switch_it(person, role):
    tier = PromotionTierFactory()

    answer = person(role).post(do(tier, "turn_off"), {"confirmed": "yes"})

    assert answer.status_code == 403
    tier.refresh_from_db()
    assert tier.active


def test_a_promotion_is_switched_off_in_numbers_of_tiers(person):
    campaign = PromotionFactory()
    PromotionTierFactory.create_batch(2, campaign=campaign)
    coupons = CampaignFactory(vouchers_count=7)
    http = person("Marketer")

    alone = shown(http.get(reverse("admin:campaigns_campaign_do", args=[campaign.pk, "turn_off"])))
    both = shown(
        http.post(
            reverse("admin:campaigns_campaign_changelist"),
            {"action": "disable", "_selected_action": [campaign.pk, coupons.pk]},
        )
    )

    assert "2 promotion tiers are given to nobody" in alone
    assert "codes stop" not in alone
    assert "2 promotion tiers are given to nobody" in both
    assert "7 codes stop working at once" in both


def test_changes_a_tier_to_another_kind_of_discount(person):
    tier = PromotionTierFactory(category=CategoryFactory(), hierarchy=4)
    http = person("Marketer")
    assert 'value="10.00"' in shown(http.get(page(tier)))

    answer = http.post(
        page(tier), tier_form(discount_type="PERCENT", percent_off="12.5", hierarchy="2")
    )

    assert answer["Location"] == page(tier.campaign)
    tier.refresh_from_db()
    assert tier.definition.data["discount"] == {"type": "PERCENT", "percent_off": 12.5}
    assert (tier.hierarchy, tier.category) == (2, None)


def test_keeps_a_discount_that_nobody_changed(person):
    tier = PromotionTierFactory()
    units = {"type": "UNIT", "unit_off": 1, "unit_type": "prod_x", "effect": "ADD_NEW_ITEMS"}
    definition = tier.definition
    definition.data = {"type": "PROMOTION_TIER", "discount": units}
    definition.pk, definition._state.adding = None, True
    definition.save()
    tier.definition = definition
    tier.save()

    http = person("Marketer")
    rows = http.get(page(tier)).context["adminform"].form["units"].value()

    answer = http.post(
        page(tier),
        {"name": "Renamed", "hierarchy": "1", "metadata": "{}", "discount_type": "UNIT",
         "units": rows},
    )  # fmt: skip

    assert answer.status_code == 302
    tier.refresh_from_db()
    assert (tier.name, tier.definition_id) == ("Renamed", definition.pk)


@pytest.mark.requirement(7)
def test_a_tier_begins_with_a_recipe_and_its_rule(person):
    campaign = PromotionFactory()
    http = person("Marketer")
    gallery = http.get(reverse("admin:campaigns_promotiontier_recipes"), {"campaign": campaign.pk})
    values = {"least": "100", "percent": "10", "more_from": "200", "more_percent": "15"}
    recipe = reverse("admin:campaigns_promotiontier_recipe", args=["spend_tiers"])
    assert f"{recipe}?campaign={campaign.pk}" in gallery.content.decode()

    chosen = http.post(f"{recipe}?campaign={campaign.pk}", values)
    form = http.get(chosen["Location"]).context["adminform"].form
    assert form["campaign"].value() == str(campaign.pk)
    http.post(
        chosen["Location"],
        tier_form(
            campaign=campaign.pk, name="Spend", discount_type="PERCENT", percent_off="10",
            effect="APPLY_TO_ORDER", formula=form["formula"].value(),
            recipe=form["recipe"].value(),
        ),
    )  # fmt: skip

    tier = PromotionTier.objects.get()
    assert tier.definition.data["discount"]["percent_off_formula"] == (
        "IF(ORDER_AMOUNT >= 200; 15; 10)"
    )
    assert [each.rule.name for each in tier.rule_assignments.all()] == [
        "More off for bigger orders · Spend"
    ]


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"name": ""}, "This field is required"),
        ({"amount_off": ""}, "This field is required"),
        ({"campaign": ""}, "This field is required"),
        ({"hierarchy": "-1"}, "greater than or equal to 0"),
        (
            {"starts_at": "2026-03-02T12:00", "expires_at": "2026-03-01T12:00"},
            "It must end after it starts.",
        ),
    ],
)
def test_shows_what_is_wrong_with_a_tier(person, changes, text):
    form = tier_form(campaign=PromotionFactory().pk)

    answer = person("Marketer").post(reverse(ADD_TIER), {**form, **changes})

    assert text in shown(answer)
    assert not PromotionTier.objects.exists()


def test_offers_promotions_of_the_project_alone(person):
    coupons, promotion = CampaignFactory(name="Coupons"), PromotionFactory(name="Promo")

    text = shown(person("Marketer").get(reverse(ADD_TIER)))

    assert f'<option value="{promotion.pk}">' in text
    assert f'<option value="{coupons.pk}">' not in text


def test_deletes_a_tier_into_the_bin(person, at):
    tier = PromotionTierFactory()
    stack = PromotionStackFactory(campaign=tier.campaign, tiers=[tier])

    person("Marketer").post(
        reverse("admin:campaigns_promotiontier_delete", args=[tier.pk]), {"post": "yes"}
    )

    tier.refresh_from_db()
    assert tier.deleted_at is not None
    assert not PromotionStack.objects.filter(pk=stack.pk).exists()
