"""The page of validation rules: rows instead of JSON, errors at the row, in words beside it."""

import json

import pytest
from django.urls import reverse

from campaigns.admin.builder import documents
from campaigns.models import DefinitionVersion, ValidationRule
from campaigns.services import rules
from loyalty_project.core.models import User
from tests.factories.campaign import CampaignFactory
from tests.factories.validation_rule import RuleAssignmentFactory, ValidationRuleFactory

pytestmark = pytest.mark.usefixtures("in_project")
ADD = "admin:campaigns_validationrule_add"
LONDON = {"fact": "wafa.customer.attribute", "property": "city", "operator": "$is",
          "values": ["London"]}  # fmt: skip
SPENT = {"fact": "wafa.customer.spend", "operator": "$more_than_or_equal", "values": ["1000"],
         "window": {"span": ""}}  # fmt: skip
FRESH = {"fact": "wafa.customer.redemptions", "operator": "$is", "values": ["0"],
         "window": {"span": "last", "number": "6", "unit": "M"}}  # fmt: skip


def page(rule):
    return reverse("admin:campaigns_validationrule_change", args=[rule.pk])


def drafts(*rows, join="and", **more):
    """What the page of a rule sends."""
    found = {"rules": {"join": join, "parts": list(rows)}, "lines": {}, "bundle": {}, **more}
    return {name: json.dumps(value) for name, value in found.items()}


def opened(answer):
    """The drafts that a page shows, and their problems."""
    form = answer.context["adminform"].form
    fields = {name: form.fields[name] for name in documents.DRAFTS}
    texts = {name: field.prepare_value(form[name].value()) for name, field in fields.items()}
    return {name: json.loads(text) for name, text in texts.items()}


def problems(answer, name="rules"):
    return [
        (each["path"], each["field"], each["message"])
        for each in answer.context["adminform"].form.fields[name].widget.problems
    ]


def as_sent(answer):
    """The fields of a page as a browser would send them."""
    form = answer.context["adminform"].form
    return {name: form[name].value() for name in ("name", "message")} | {
        name: json.dumps(draft) for name, draft in opened(answer).items()
    }


@pytest.mark.requirement(38)
def test_makes_the_rule_of_the_london_coupon(person):
    answer = person("Marketer").post(
        reverse(ADD), {"name": "London", "message": "", **drafts(LONDON, SPENT, FRESH)}
    )

    assert answer.status_code == 302
    assert ValidationRule.objects.get().definition.data == {
        "type": "validation_rule",
        "rules": {
            "1": {"name": "wafa.customer.attribute", "property": "city",
                  "conditions": {"$is": ["London"]}},
            "2": {"name": "wafa.customer.spend", "property": "",
                  "conditions": {"$more_than_or_equal": [100_000]}},
            "3": {"name": "wafa.customer.redemptions", "property": "P6M",
                  "conditions": {"$is": [0]}},
            "logic": "1 and 2 and 3",
        },
        "applicable_to": {"included": [], "excluded": [], "included_all": False},
    }  # fmt: skip


def test_the_api_reads_what_the_page_made(person, api):
    http = person("Marketer")
    entry = {"item": {"object": "product", "id": "prod_1"}, "quantity_limit": "2"}
    component = {"item": {"object": "product", "id": "prod_1"}, "quantity": "2"}
    more = {"lines": {"included": [entry], "excluded": []}, "bundle": {"components": [component]}}

    http.post(reverse(ADD), {"name": "Tea", "message": "Tea only.", **drafts(SPENT, **more)})

    (found,) = api.get("/v1/validation-rules").json()["data"]
    assert found["error"] == {"message": "Tea only."}
    assert found["applicable_to"]["included"] == [
        {"object": "product", "id": "prod_1", "quantity_limit": 2}
    ]
    assert found["bundle_rules"]["limit"] == 1


def test_saving_what_nobody_changed_makes_no_version(person, project, at):
    rule = rules.create(
        project=project,
        data={
            "name": "Odd",
            "rules": {
                "1": {"name": "order.amount", "property": None, "rules": {},
                      "conditions": {"$more_than": [1], "$less_than": [900.5]}},
                "2": {"name": "customer.segment", "conditions": {"$in": ["seg_1"]},
                      "error": {"message": "VIP."}},
                "3": {"name": "wafa.time",
                      "conditions": {"$timeframe": ["2024-11-12T14:59:23.019Z;P1D;PT1H"]}},
                "logic": "not ((1) or 2)",
            },
            "error": {"message": "Sorry."},
        },
        at=at,
    )  # fmt: skip
    http = person("Marketer")
    answer = http.get(page(rule))
    versions = DefinitionVersion.objects.count()

    saved = http.post(page(rule), as_sent(answer))

    assert saved.status_code == 302
    assert DefinitionVersion.objects.count() == versions
    before = rule.definition.data
    assert ValidationRule.objects.get().definition.data == before


def test_says_what_it_keeps_in_a_sentence(person):
    rule = ValidationRuleFactory(
        rules={
            "1": {"name": "order.amount", "conditions": {"$more_than": [500], "$less_than": [900]}}
        }
    )

    (row,) = opened(person("Marketer").get(page(rule)))["rules"]["parts"]

    assert row["kept"] is True
    assert "5.00 EUR" in row["says"]
    assert "9.00 EUR" in row["says"]


@pytest.mark.parametrize(
    ("row", "field", "message"),
    [
        ({"fact": ""}, "fact", "Choose what to ask about."),
        ({"fact": "no.such.fact"}, "fact", "Choose what to ask about."),
        ({**SPENT, "values": []}, "values", "Enter a value."),
        ({**SPENT, "values": ["12.345"]}, "values",
         "Enter a number with at most 2 decimals, such as 1250.5."),
        ({**SPENT, "operator": "$starts_with"}, "values", "Choose how to compare."),
        ({**FRESH, "window": {"span": "last", "number": "", "unit": "M"}}, "property",
         "Say how many."),
        ({**FRESH, "window": {"span": "last", "number": "0", "unit": "M"}}, "property",
         "Enter a whole number from 1 to 9999."),
        ({"fact": "customer.metadata", "operator": "$is", "values": ["a"]}, "property",
         "Name the attribute."),
        ({"fact": "wafa.time", "operator": "$after", "values": ["2026-02-30T10:00"]}, "values",
         "Enter a day and a time."),
        ({**LONDON, "message": "x" * 2001}, "message", "The message is too long."),
        ({"fact": "order.items.any", "operator": "", "inner": None}, "values",
         "Choose items, or add a condition about them."),
    ],
)  # fmt: skip
def test_an_error_stands_at_its_row(person, row, field, message):
    group = {"join": "or", "parts": [LONDON, row]}

    answer = person("Marketer").post(reverse(ADD), {"name": "A", **drafts(SPENT, group)})

    assert problems(answer) == [("parts.1.parts.1", field, message)]
    assert opened(answer)["rules"]["parts"][1]["parts"][1]["fact"] == row["fact"]
    assert "1 thing is to be corrected" in str(answer.context["adminform"].form.errors["rules"])
    assert ValidationRule.objects.count() == 0


def test_what_the_engine_says_stands_at_the_row_it_means(person):
    deep = {
        "fact": "order.items.any",
        "operator": "",
        "inner": {
            "parts": [
                {
                    "fact": "order.items.price",
                    "operator": "$more_than",
                    "values": ["1"],
                    "inner": {
                        "parts": [
                            {
                                "fact": "order.items.price",
                                "operator": "$more_than",
                                "values": ["1"],
                                "inner": {
                                    "parts": [
                                        {
                                            "fact": "order.items.price",
                                            "operator": "$more_than",
                                            "values": ["1"],
                                        }
                                    ]
                                },
                            }
                        ]
                    },
                }
            ]
        },
    }
    # Nobody can choose it; a page that was changed by hand sends it.
    forged = {"kept": True, "source": {"name": "wafa.time", "conditions": {"$contains": ["x"]}}}

    first = person("Marketer").post(reverse(ADD), {"name": "A", **drafts(SPENT, deep)})
    second = person("Marketer").post(reverse(ADD), {"name": "A", **drafts(SPENT, forged)})

    assert problems(first) == [
        ("parts.1.inner.parts.0.inner.parts.0", "", "must not be nested deeper than 3 levels")
    ]
    assert problems(second) == [("parts.1", "", "cannot use $contains on a date")]


def test_errors_of_entries_and_bundles_stand_at_theirs(person):
    tea = {"object": "product", "id": "prod_1"}
    more = {
        "lines": {"included": [{"item": tea}, {"item": tea, "quantity_limit": "0"}],
                  "excluded": [{"item": {}}]},
        "bundle": {"components": [{"item": tea, "quantity": "1"}], "limit": "101"},
    }  # fmt: skip
    priced = {"included": [{"item": tea, "price_formula": "ORDER_ITEM_PRICE /"}]}
    http = person("Marketer")

    typed = http.post(reverse(ADD), {"name": "A", **drafts(**more)})
    limits = http.post(
        reverse(ADD), {"name": "A", **drafts(lines={"included": [{"item": tea, "take": "0"}]})}
    )
    bundle = http.post(reverse(ADD), {"name": "A", **drafts(bundle=more["bundle"])})
    formula = http.post(reverse(ADD), {"name": "A", **drafts(lines=priced)})

    assert problems(typed, "lines") == [("excluded.0", "item", "Choose what it is.")]
    assert problems(limits, "lines") == [("included.0", "take", "must be an integer, 1 or more")]
    assert problems(bundle, "bundle") == [("", "limit", "must be between 1 and 100")]
    assert problems(formula, "lines") == [
        ("included.0", "price_formula", "The formula ends too early.")
    ]


def test_errors_of_a_price_formula_are_said_in_the_language_of_the_reader(person):
    http = person("Marketer")
    User.objects.update(language="tr")
    entry = {"item": {"object": "product", "id": "prod_1"}, "price_formula": "ORDER_ITEM_PRICE / 0"}

    answer = http.post(reverse(ADD), {"name": "A", **drafts(lines={"included": [entry]})})

    ((_path, field, said),) = problems(answer, "lines")
    assert (field, said) == ("price_formula", "Formül sıfıra bölüyor.")


def test_shows_where_a_rule_is_used(person):
    rule = ValidationRuleFactory()
    campaign = CampaignFactory(name="Autumn")
    RuleAssignmentFactory(rule=rule, campaign=campaign)
    unused = ValidationRuleFactory()
    http = person("Marketer")

    body = http.get(page(rule)).content.decode()

    assert reverse("admin:campaigns_campaign_change", args=[campaign.pk]) in body
    assert "Nothing yet." in http.get(page(unused)).content.decode()


def test_keeps_a_rule_in_use(person):
    rule = ValidationRuleFactory()
    RuleAssignmentFactory(rule=rule, campaign=CampaignFactory())
    unused = ValidationRuleFactory()
    http = person("Marketer")

    for each in (rule, unused):
        http.post(reverse("admin:campaigns_validationrule_delete", args=[each.pk]), {"post": "yes"})

    assert list(ValidationRule.objects.all()) == [rule]


def test_reads_a_rule_in_words_to_who_may_not_change_it(person):
    rule = ValidationRuleFactory()
    http = person("Support agent")

    body = http.get(page(rule)).content.decode()

    assert "must be at least 10.00 EUR" in body
    assert "data-draft" not in body
    assert http.post(page(rule), {"name": "Mine"}).status_code == 403
