"""Recipes: a few values make the discount and the rule that marketers mean, to the cent."""

import json
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.urls import reverse

from campaigns.admin import example, recipes
from campaigns.models import Campaign, ValidationRule
from campaigns.services import definitions, rules
from rewards.models import ALL_PRODUCTS_ID
from tests.factories.campaign import CampaignFactory
from tests.factories.collection import CollectionFactory
from tests.factories.product import ProductFactory

pytestmark = pytest.mark.usefixtures("in_project")
GALLERY = "admin:campaigns_campaign_recipes"
RECIPE = "admin:campaigns_campaign_recipe"
ADD = "admin:campaigns_campaign_add"
CAMPAIGN = {
    "name": "Autumn", "type": "STATIC", "count": "0", "pattern": "########",
    "charset": "0123456789", "redemption_limit": "1", "metadata": "{}", "active": "on",
}  # fmt: skip


def of(product):
    return json.dumps({"object": "product", "id": product.public_id})


def filled(key, **values):
    return recipes.filled(f"{key}?{urlencode(values)}")


def off(made, project, at, *lines):
    """What is taken off lines of (product, quantity), in minor units; None where it is refused."""
    typed = [
        {"item": {"object": "product", "id": product.public_id}, "quantity": str(count)}
        for product, count in lines
    ]
    cart = example.read_cart(project=project, typed=typed, at=at)
    documents = [rules.read(project=project, data=made.rule)] if made.rule else []
    found = example.work(
        project=project, discount=made.discount, documents=documents, cart=cart, at=at
    )
    return found.order.total_applied_discount_amount if found.valid else None


@pytest.fixture
def tea():
    return ProductFactory(name="Tea", price=1000)


@pytest.fixture
def pot():
    return ProductFactory(name="Pot", price=3000)


VALUES = {
    "percent_off": {"percent": "10", "least": "50", "most": "20"},
    "amount_off": {"amount": "15", "least": "100"},
    "spend_tiers": {"least": "100", "percent": "10", "more_from": "200", "more_percent": "15.5"},
    "free_shipping": {"least": "50"},
    "buy_some_get_some": {"item": "TEA", "buy": "2", "get": "1", "percent": "100"},
    "buy_one_get_another": {"bought": "TEA", "given": "POT", "percent": "50"},
    "cheapest_item": {"percent": "50", "item": ""},
    "every_nth": {"number": "3", "percent": "50", "item": ""},
    "volume": {"item": "TEA", "number": "10", "percent": "10"},
    "bundle_price": {"first": "TEA", "second": "POT", "amount": "5"},
    "gift_from": {"gift": "TEA", "least": "50"},
    "gift_for": {"item": "POT", "number": "1", "gift": "TEA"},
    "first_order": {"percent": "10"},
    "win_back": {"percent": "10", "days": "90"},
    "birthday": {"percent": "50", "days": "7"},
    "good_customers": {"percent": "10", "city": "London", "spent": "1000", "months": "6"},
    "happy_hours": {"percent": "10", "begins": "14:00", "ends": "16:00"},
}


@pytest.fixture
def made(tea, pot):
    """`made("volume", number="5")`: a recipe with the values above and some others."""

    def make(key, **changes):
        values = {**VALUES[key], **changes}
        goods = {"TEA": of(tea), "POT": of(pot)}
        return filled(key, **{name: goods.get(value, value) for name, value in values.items()})

    return make


def test_there_are_values_for_every_recipe():
    assert set(VALUES) == set(recipes.RECIPES)


@pytest.mark.parametrize("key", VALUES)
def test_a_recipe_makes_what_the_services_take(project, made, key):
    found = made(key)

    assert definitions.read_discount(discount=found.discount)["type"] == found.discount["type"]
    if found.rule:
        rules.read(project=project, data=found.rule)


@pytest.mark.requirement(4, 5, 7, 8, 9, 10, 12)
@pytest.mark.parametrize(
    ("key", "changes", "lines", "taken"),
    [
        ("percent_off", {}, (1, 1), 400),
        ("percent_off", {}, (100, 0), 2000),
        ("amount_off", {}, (0, 4), 1500),
        ("spend_tiers", {}, (10, 0), 1000),
        ("spend_tiers", {}, (20, 0), 3100),
        ("buy_some_get_some", {}, (3, 0), 1000),
        ("buy_some_get_some", {}, (8, 1), 2000),
        ("buy_some_get_some", {"buy": "1", "percent": "50"}, (2, 0), 500),
        ("buy_one_get_another", {}, (1, 2), 1500),
        ("buy_one_get_another", {}, (0, 2), None),
        ("cheapest_item", {}, (2, 1), 500),
        ("every_nth", {}, (2, 1), 500),
        ("every_nth", {}, (1, 1), 0),
        ("every_nth", {}, (4, 2), 1000),
        ("volume", {}, (10, 1), 1000),
        ("bundle_price", {}, (2, 2), 1000),
        ("bundle_price", {}, (2, 1), 500),
        ("gift_from", {}, (0, 2), 1000),
        ("gift_from", {}, (1, 2), 1000),
        ("gift_for", {}, (0, 1), 1000),
    ],
)
def test_takes_off_what_its_name_says(project, at, tea, pot, made, key, changes, lines, taken):
    cart = [(product, count) for product, count in zip((tea, pot), lines, strict=True) if count]

    assert off(made(key, **changes), project, at, *cart) == taken


def test_some_of_a_collection_means_the_cheapest_of_them(project, at, tea, pot, made):
    everything = json.dumps({"object": "products_collection", "id": ALL_PRODUCTS_ID})

    assert off(made("buy_some_get_some", item=everything), project, at, (tea, 1), (pot, 2)) == 1000


@pytest.mark.parametrize(
    ("key", "values", "field"),
    [
        ("spend_tiers", {"more_from": "100"}, "more_from"),
        ("happy_hours", {"ends": "14:00"}, "ends"),
        ("volume", {"item": ""}, "item"),
        ("volume", {"item": "tea"}, "item"),
        ("volume", {"item": '{"object": 1, "id": []}'}, "item"),
        ("volume", {"number": "0"}, "number"),
        ("percent_off", {"percent": "ten"}, "percent"),
    ],
)
def test_says_at_the_field_what_is_wrong(person, key, values, field):
    answer = person("Marketer").post(reverse(RECIPE, args=[key]), {**VALUES[key], **values})

    assert field in answer.context["form"].errors


def test_from_the_gallery_to_a_campaign_with_its_rule(person, api, tea):
    http = person("Marketer")
    gallery = http.get(reverse(GALLERY)).content.decode()
    assert reverse(RECIPE, args=["volume"]) in gallery

    chosen = http.post(reverse(RECIPE, args=["volume"]), {**VALUES["volume"], "item": of(tea)})
    page = http.get(chosen.url)
    form = page.context["adminform"].form
    shown = {name: form[name].value() for name in ("discount_type", "effect", "percent_off")}
    assert shown == {
        "discount_type": "PERCENT", "effect": "APPLY_TO_ITEMS", "percent_off": "10",
    }  # fmt: skip
    assert "at least 10" in page.content.decode()

    sent = {"percent_off": "10", "effect": "APPLY_TO_ITEMS", "discount_type": "PERCENT"}
    recipe = QueryDict(chosen.url.partition("?")[2])["recipe"]
    http.post(reverse(ADD), {**CAMPAIGN, **sent, "recipe": recipe})

    rule = ValidationRule.objects.get()
    assert rule.name == "Volume discount · Autumn"
    assert [each.rule for each in Campaign.objects.get().rule_assignments.all()] == [rule]


def test_a_recipe_without_conditions_makes_no_rule(person):
    sent = {**CAMPAIGN, "discount_type": "SHIPPING", "recipe": "free_shipping?least="}

    assert person("Marketer").post(reverse(ADD), sent).status_code == 302
    assert ValidationRule.objects.count() == 0


def test_takes_no_recipe_that_it_cannot_read(person):
    sent = {**CAMPAIGN, "discount_type": "SHIPPING"}
    http = person("Marketer")

    for text in ("nonsense", "volume?item=&number=1&percent=1"):
        answer = http.post(reverse(ADD), {**sent, "recipe": text})
        assert "recipe" in answer.context["adminform"].form.errors
    assert Campaign.objects.count() == 0


def test_keeps_the_recipe_while_other_fields_are_corrected(person):
    CampaignFactory(name="Autumn")
    sent = {**CAMPAIGN, "discount_type": "SHIPPING", "recipe": "free_shipping?least=50"}

    answer = person("Marketer").post(reverse(ADD), sent)

    assert 'name="recipe" value="free_shipping?least=50"' in answer.content.decode()


@pytest.mark.parametrize("role", ["Viewer", "Support agent", "Manager"])
def test_only_who_makes_campaigns_sees_recipes(person, role):
    http = person(role)

    assert http.get(reverse(GALLERY)).status_code == 403
    assert http.post(reverse(RECIPE, args=["volume"]), VALUES["volume"]).status_code == 403


def test_there_is_no_other_recipe(person):
    assert person("Marketer").get(reverse(RECIPE, args=["nonsense"])).status_code == 404


def test_names_the_product_that_was_chosen(person):
    collection = CollectionFactory(name="Teas")
    item = json.dumps({"object": "products_collection", "id": collection.public_id})

    answer = person("Marketer").post(
        reverse(RECIPE, args=["volume"]), {**VALUES["volume"], "item": item, "number": ""}
    )

    assert answer.context["builder"]["names"] == {collection.public_id: "Teas"}


def test_the_discount_of_a_recipe_becomes_a_tier_of_a_promotion(person):
    recipe = "spend_tiers?least=100&percent=10&more_from=200&more_percent=15"
    made = recipes.filled(recipe)
    assert made is not None

    answer = person("Marketer").post(
        reverse(ADD), {**CAMPAIGN, "campaign_type": "PROMOTION", "recipe": recipe}, follow=True
    )

    campaign = Campaign.objects.get()
    tier = campaign.tiers.get()
    assert tier.name == made.title
    assert tier.definition.data["discount"] == {**made.discount, "is_dynamic": True}
    assert campaign.rule_assignments.count() == (1 if made.rule else 0)
    assert "first tier of the promotion" in answer.content.decode()
