"""The discount form: every published type and effect, checked by the engine."""

import json

import pytest
from django.urls import reverse

from campaigns.admin.discounts import DISCOUNT, DiscountForm
from campaigns.engine import effects
from campaigns.models import Voucher
from rewards.models import SHIPPING_ID
from tests.factories.campaign import DefinitionVersionFactory
from tests.factories.voucher import VoucherFactory

pytestmark = pytest.mark.usefixtures("in_project")
ADD = "admin:campaigns_voucher_add"
CODE = {"code": "SORRY10", "active": "on", "metadata": "{}"}


def typed(**values):
    return {"discount_type": "PERCENT", "percent_off": "10", **values}


def units(*rows):
    return json.dumps({"units": list(rows)})


def unit(item="prod_1", kind="product", **more):
    return {"item": {"object": kind, "id": item} if item else {}, "quantity": "1",
            "effect": "ADD_MISSING_ITEMS", "formula": "", **more}  # fmt: skip


def discount(**values):
    """The document of what was typed, or its errors."""
    form = Checked(typed(**values))
    return form.discount() if form.is_valid() else {n: e[0] for n, e in form.errors.items()}


class Checked(DiscountForm):
    def clean(self):
        super().clean()
        self.check_discount()


@pytest.mark.requirement(1, 3, 15)
@pytest.mark.parametrize(
    ("values", "document"),
    [
        ({}, {"type": "PERCENT", "percent_off": 10}),
        ({"percent_off": "12.5", "effect": "APPLY_TO_ITEMS", "amount_limit": "20",
          "aggregated_amount_limit": "۱۵"},
         {"type": "PERCENT", "percent_off": 12.5, "effect": "APPLY_TO_ITEMS",
          "amount_limit": 2000, "aggregated_amount_limit": 1500}),
        ({"discount_type": "AMOUNT", "amount_off": "5", "effect": "APPLY_TO_ITEMS_BY_QUANTITY",
          "amount_limit": "9"},
         {"type": "AMOUNT", "amount_off": 500, "effect": "APPLY_TO_ITEMS_BY_QUANTITY"}),
        ({"discount_type": "FIXED", "fixed_amount": "9.90"},
         {"type": "FIXED", "fixed_amount": 990}),
        ({"formula": "IF(ORDER_AMOUNT >= 200; 15; 10)", "effect": "APPLY_TO_ORDER"},
         {"type": "PERCENT", "percent_off": 10, "effect": "APPLY_TO_ORDER",
          "percent_off_formula": "IF(ORDER_AMOUNT >= 200; 15; 10)"}),
        ({"discount_type": "SHIPPING"},
         {"type": "UNIT", "unit_off": 1, "unit_type": SHIPPING_ID, "effect": "ADD_MISSING_ITEMS"}),
        ({"discount_type": "UNIT", "units": units(unit(quantity="3", formula="ORDER_AMOUNT / 10"))},
         {"type": "UNIT", "unit_off": 3, "unit_type": "prod_1", "effect": "ADD_MISSING_ITEMS",
          "unit_off_formula": "ORDER_AMOUNT / 10"}),
        ({"discount_type": "UNIT", "units": units(unit("", effect="ADD_SAME_ITEMS"))},
         {"type": "UNIT", "unit_off": 1, "effect": "ADD_SAME_ITEMS"}),
        ({"discount_type": "UNIT",
          "units": units(unit(), unit("sku_1", "sku", quantity="2", effect="ADD_NEW_ITEMS"))},
         {"type": "UNIT", "effect": "ADD_MANY_ITEMS", "units": [
             {"unit_off": 1, "unit_type": "prod_1", "effect": "ADD_MISSING_ITEMS"},
             {"unit_off": 2, "unit_type": "sku_1", "effect": "ADD_NEW_ITEMS"}]}),
    ],
)  # fmt: skip
def test_makes_the_published_document(values, document):
    assert discount(**values) == document


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"percent_off": ""}, {"percent_off": "This field is required."}),
        ({"percent_off": "101"}, {"percent_off": "Enter a percentage from 0 to 100."}),
        ({"discount_type": "AMOUNT"}, {"amount_off": "This field is required."}),
        ({"formula": "ORDER_AMUONT"}, {"formula": "There is no value ORDER_AMUONT."}),
        ({"formula": "1 / 0"}, {"formula": "The formula divides by zero."}),
        ({"formula": "ORDER_ITEM_PRICE", "effect": "APPLY_TO_ORDER"},
         {"formula": "There is no value ORDER_ITEM_PRICE."}),
        ({"effect": "APPLY_TO_ITEMS_PROPORTIONALLY"},
         {"effect": "This does not go with the discount."}),
        ({"discount_type": "UNIT", "units": ""}, {"units": "Choose what is given."}),
        ({"discount_type": "UNIT", "units": units(unit(""))}, {"units": "Choose what is given."}),
        ({"discount_type": "UNIT", "units": units(unit(quantity="x"))},
         {"units": "Enter a whole number, 0 or more."}),
        ({"discount_type": "UNIT", "units": units(unit(), unit(effect="ADD_SAME_ITEMS"))},
         {"units": "This goes by itself only."}),
        ({"discount_type": "UNIT", "units": units(unit(formula="1 +"))},
         {"units": "The formula ends too early."}),
        ({"discount_type": "UNIT", "units": "[]"},
         {"units": "Enter an object of names and values."}),
    ],
)  # fmt: skip
def test_says_at_the_field_what_is_wrong(values, errors):
    assert discount(**values) == errors


def test_an_error_of_the_engine_stands_at_its_row():
    form = Checked(typed(discount_type="UNIT", units=units(unit(), unit(formula="1 +"))))

    assert form.is_valid() is False
    assert form.fields["units"].widget.problems == [
        {
            "path": "units.1",
            "field": "formula",
            "message": "The formula ends too early.",
            "missing": False,
        }
    ]


STORED = [
    {"type": "PERCENT", "percent_off": 12.5},
    {"type": "PERCENT", "percent_off": 10, "effect": "APPLY_TO_ITEMS", "amount_limit": 100,
     "percent_off_formula": "ORDER_ITEM_PRICE", "aggregated_amount_limit": 5, "is_dynamic": True},
    {"type": "AMOUNT", "amount_off": 500, "effect": "APPLY_TO_ITEMS_PROPORTIONALLY"},
    {"type": "FIXED", "fixed_amount": 0, "effect": "APPLY_TO_ITEMS"},
    {"type": "UNIT", "unit_off": 2, "unit_type": "prod_1"},
    {"type": "UNIT", "unit_type": SHIPPING_ID},
    {"type": "UNIT", "unit_off": 1, "unit_type": "pc_1", "effect": "ADD_SAME_ITEMS"},
    {"type": "UNIT", "effect": "ADD_MANY_ITEMS", "units": [
        {"unit_off": 1.0, "unit_type": "prod_1", "effect": "ADD_NEW_ITEMS"}]},
]  # fmt: skip


def sent(form):
    """What a browser sends of a form, without what is disabled."""
    found = {}
    for name in DISCOUNT:
        field, value = form.fields[name], form[name].value()
        if not field.disabled and value is not None:
            found[name] = field.prepare_value(value)
    return found


@pytest.mark.parametrize("document", STORED)
def test_saving_what_nobody_changed_keeps_the_discount(person, document):
    effects.read(document)
    definition = DefinitionVersionFactory(data={"type": "DISCOUNT_VOUCHER", "discount": document})
    voucher = VoucherFactory(definition=definition)
    page = reverse("admin:campaigns_voucher_change", args=[voucher.pk])
    http = person("Marketer")
    form = http.get(page).context["adminform"].form

    answer = http.post(page, {**sent(form), "metadata": "{}", "redemption_limit": "7"})

    assert answer.status_code == 302
    voucher.refresh_from_db()
    assert voucher.redemption_limit == 7
    assert voucher.definition_id == definition.pk


def test_stores_a_formula_and_keeps_the_kind(person):
    http = person("Marketer")
    http.post(reverse(ADD), {**CODE, **typed(formula="ORDER_UNITS_QUANTITY")})
    voucher = Voucher.objects.get()
    page = reverse("admin:campaigns_voucher_change", args=[voucher.pk])

    http.post(page, {**typed(discount_type="AMOUNT", percent_off="5", formula="MONTH"),
                     "metadata": "{}"})  # fmt: skip

    voucher.refresh_from_db()
    found = voucher.definition.data["discount"]
    assert (found["type"], found["percent_off"]) == ("PERCENT", 5)
    assert found["percent_off_formula"] == "MONTH"
