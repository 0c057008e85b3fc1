"""Limits on the pages of single codes and of promotion tiers."""

import re

import pytest
from django.urls import reverse

from campaigns.models import Limit, PromotionTier, Voucher
from tests.factories.limit import LimitFactory
from tests.factories.promotion import PromotionFactory, PromotionTierFactory
from tests.factories.voucher import VoucherFactory

pytestmark = pytest.mark.usefixtures("in_project")
FORM = {
    "discount_type": "AMOUNT",
    "amount_off": "10",
    "active": "on",
    "metadata": "{}",
    "limits-shown": "1",
}
MADE = {"voucher": VoucherFactory, "promotiontier": PromotionTierFactory}
OWN = {"voucher": "voucher", "promotiontier": "promotion_tier"}


def rows(*limits):
    """Rows of limits as the browser sends them."""
    found = {}
    for index, given in enumerate(limits):
        values = {"measure": "redemptions", "period": "always", "overflow": "REFUSE", **given}
        found |= {f"limits-{index}-{name}": value for name, value in values.items()}
    return found


def saved():
    rows = Limit.objects.order_by("pk")
    return [(row.measure, row.period, row.per_customer, row.value) for row in rows]


def text_of(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.mark.requirement(79, 82)
@pytest.mark.parametrize("kind", MADE)
def test_a_marketer_types_changes_and_removes_them(person, kind):
    http = person("Marketer")
    more = {"code": "TEN"}
    if kind == "promotiontier":
        more = {"campaign": PromotionFactory().pk, "name": "Ten off"}
    add = reverse(f"admin:campaigns_{kind}_add")
    assert "Add a limit" in text_of(http.get(add))

    made = http.post(
        add,
        {
            **FORM, **more,
            **rows(
                {"period": "day", "value": "5"},
                {"per_customer": "on", "value": "1"},
                {"measure": "discount", "value": "30.50", "overflow": "CAP"},
            ),
        },
    )  # fmt: skip

    assert made.status_code == 302, made.context["errors"]
    assert saved() == [
        ("redemptions", "day", False, 5),
        ("redemptions", "always", True, 1),
        ("discount", "always", False, 3050),
    ]
    (owner,) = (Voucher if kind == "voucher" else PromotionTier).objects.all()
    assert [row.pk for row in owner.limits.all()] == [row.pk for row in Limit.objects.all()]
    page = reverse(f"admin:campaigns_{kind}_change", args=[owner.pk])
    shown = http.get(page).content.decode()
    assert 'name="limits-0-value" value="5"' in shown
    assert "data-limits" in shown
    assert "Limits: used and left" in shown
    http.post(page, {**FORM, "name": "Ten off", **rows({"period": "day", "value": "6"})})
    assert saved() == [("redemptions", "day", False, 6)]
    http.post(page, {**FORM, "name": "Ten off"})
    assert saved() == []


@pytest.mark.parametrize("kind", MADE)
def test_says_what_is_wrong_and_shows_who_reads_them_in_words(person, kind):
    owner = MADE[kind]()
    LimitFactory(**{OWN[kind]: owner}, period="day", value=5)
    page = reverse(f"admin:campaigns_{kind}_change", args=[owner.pk])

    answer = person("Marketer").post(page, {**FORM, "name": "Ten", **rows({"value": "x"})})
    read = person("Viewer").get(page)

    form = answer.context["adminform"].form
    assert form.errors["limits"] == ["Limit 1: Enter a whole number."]
    assert "Redemptions Per day all together 5" in text_of(read)
    assert 'name="limits-0-value"' not in read.content.decode()
    assert saved() == [("redemptions", "day", False, 5)]
