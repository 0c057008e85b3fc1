"""What the page of a rule is told while it is written: in words, what is wrong, what there is."""

import json

import pytest
from django.urls import reverse

from tests.factories.api_key import server_headers
from tests.factories.campaign import CampaignFactory, DefinitionVersionFactory
from tests.factories.collection import CollectionFactory
from tests.factories.product import ProductFactory
from tests.factories.segment import SegmentFactory
from tests.factories.validation_rule import ValidationRuleFactory

pytestmark = pytest.mark.usefixtures("in_project")
SENTENCE = "admin:campaigns_validationrule_sentence"
ADD = "admin:campaigns_validationrule_add"
CHOICES = "admin:campaigns_validationrule_choices"
LONDON = {"fact": "wafa.customer.attribute", "property": "city", "operator": "$is",
          "values": ["London"]}  # fmt: skip
SPENT = {"fact": "wafa.customer.spend", "operator": "$more_than_or_equal", "values": ["1000"],
         "window": {"span": ""}}  # fmt: skip

FRESH = {"fact": "wafa.customer.redemptions", "operator": "$is", "values": ["0"],
         "window": {"span": "last", "number": "6", "unit": "M"}}  # fmt: skip


def drafts(*rows):
    found = {"rules": {"join": "and", "parts": list(rows)}, "lines": {}, "bundle": {}}
    return {name: json.dumps(value) for name, value in found.items()}


@pytest.mark.requirement(38)
def test_says_a_rule_in_words_while_it_is_written(person):
    answer = person("Marketer").post(
        reverse(SENTENCE), drafts(LONDON, SPENT, {"fact": "customer.segment", "operator": "$is"})
    )

    found = answer.json()
    assert found["sentences"] == [
        "The customer's city must be “London”.",
        "The amount that the customer has spent so far must be at least 1,000.00 EUR.",
    ]
    assert found["unfinished"] == "1 value is missing."
    assert found["problems"]["rules"] == [
        {"path": "parts.2", "field": "values", "message": "Enter a value.", "missing": True}
    ]


def test_names_what_was_chosen_in_the_sentence(person):
    segment = SegmentFactory(name="VIP customers")
    row = {"fact": "customer.segment", "operator": "$is", "values": [segment.public_id]}

    (sentence,) = person("Marketer").post(reverse(SENTENCE), drafts(row)).json()["sentences"]

    assert "VIP customers" in sentence


@pytest.mark.parametrize(
    ("role", "allowed"),
    [("Marketer", True), ("Junior marketer", True), ("Viewer", False), ("Support agent", False)],
)
def test_only_who_writes_rules_is_helped_to_write_them(person, role, allowed):
    http = person(role)

    statuses = {
        http.get(reverse(CHOICES), {"kind": "segment"}).status_code,
        http.post(reverse(SENTENCE), drafts()).status_code,
    }

    assert statuses == {200 if allowed else 403}


def labels(http, kind, term=""):
    answer = http.get(reverse(CHOICES), {"kind": kind, "q": term})
    return [hit["label"] for hit in answer.json()["results"]]


def test_offers_what_there_is_by_name(person):
    SegmentFactory(name="VIP customers")
    SegmentFactory(name="Newcomers")
    product = ProductFactory(name="Green tea", source_id="tea-1")
    CollectionFactory(name="Teas")
    CampaignFactory(name="Tea time")
    http = person("Marketer")

    assert labels(http, "segment", "vip") == ["VIP customers"]
    assert labels(http, "segment") == ["Newcomers", "VIP customers"]
    assert labels(http, "products", "tea") == ["Teas", "Green tea"]
    assert labels(http, "goods", "tea") == ["Green tea"]
    assert labels(http, "campaign", "tea") == ["Tea time"]
    assert labels(http, "products", "all prod") == ["All products"]
    (hit,) = http.get(reverse(CHOICES), {"kind": "goods", "q": "tea"}).json()["results"]
    assert hit == {
        "value": {"object": "product", "id": product.public_id},
        "label": "Green tea",
        "hint": "Product · tea-1",
    }


def test_offers_nothing_odd(person):
    http = person("Marketer")

    assert labels(http, "nonsense") == []
    assert labels(http, "segment", "\x00" * 5000) == []


@pytest.mark.parametrize("kind", ["segment", "products", "campaign", "api_key"])
def test_offers_nothing_of_another_project(person, other_project, kind):
    SegmentFactory(project=other_project, name="Foreign")
    ProductFactory(project=other_project, name="Foreign")
    CollectionFactory(project=other_project, name="Foreign")
    CampaignFactory(project=other_project, name="Foreign")
    server_headers(other_project, name="Foreign")

    assert labels(person("Administrator"), kind, "Foreign") == []


def test_offers_keys_to_those_who_may_see_them_only(person, project):
    server_headers(project, name="Till 7")

    assert labels(person("Administrator"), "api_key", "till") == ["Till 7"]
    assert labels(person("Marketer"), "api_key", "till") == []


def test_foreign_ids_get_no_names(person, other_project):
    segment = SegmentFactory(project=other_project, name="Foreign")
    row = {"fact": "customer.segment", "operator": "$is", "values": [segment.public_id]}

    answer = person("Marketer").post(reverse(SENTENCE), drafts(row))

    assert "Foreign" not in answer.content.decode()


ODD = [
    "", "[]", "null", '"x"', "{", '{"parts": 7}', '{"parts": [7, null, []]}', '{"parts": {"a": 1}}',
]  # fmt: skip
ODD += [
    json.dumps(draft)
    for draft in (
        {"kept": True, "source": 7},
        {"unused": [1]},
        {"parts": [{"source": {"1": []}, "kept": True}]},
        {"parts": [{"fact": {}, "period": [], "operator": {}, "values": {}, "inner": 7}]},
        {"parts": [{"fact": "wafa.time", "operator": "$dow", "kind": [], "values": [{}]}]},
        {"parts": [{**SPENT, "source": {"name": [], "conditions": 7, "rules": 7, "error": 7}}]},
        {"parts": [{**FRESH, "window": {"span": [], "campaign": {}}}]},
        {"parts": [{"fact": "publication.redeemable_by_linked_customer", "operator": "$is",
                    "values": [[]]}]},
        {"included": [7, {"item": {"object": [], "id": {}}, "effect": [], "target": {}}],
         "components": [7, {"item": {"object": 1}, "quantity": []}], "limit": []},
    )
]  # fmt: skip


@pytest.mark.parametrize("rules", ODD)
def test_no_draft_breaks_the_page(person, rules):
    http = person("Marketer")

    saved = http.post(reverse(ADD), {"name": "A", **drafts(), "rules": rules})
    asked = http.post(reverse(SENTENCE), {"rules": rules, "lines": rules, "bundle": rules})

    assert saved.status_code in {200, 302}
    assert asked.status_code == 200


def test_the_page_of_a_stored_rule_names_what_it_holds(person):
    """Ids and not names stand in the rule, also as the end of a window."""
    segment, teas = SegmentFactory(name="Loyal"), CollectionFactory(name="Teas")
    wanted = {
        "1": {"name": "customer.segment", "conditions": {"$is": [segment.public_id]}},
        "2": {
            "name": "wafa.customer.orders_with",
            "property": f"P6M;{teas.public_id}",
            "conditions": {"$more_than": [0]},
        },
    }
    data = {"type": "validation_rule", "rules": wanted}
    rule = ValidationRuleFactory(definition=DefinitionVersionFactory(data=data))

    page = person("Marketer").get(reverse("admin:campaigns_validationrule_change", args=[rule.pk]))

    assert page.context["builder"]["names"] == {segment.public_id: "Loyal", teas.public_id: "Teas"}
