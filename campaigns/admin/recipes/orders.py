"""Recipes for the order as a whole."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.admin import units
from campaigns.admin.recipes import base
from campaigns.admin.recipes.base import Document, Recipe
from loyalty_project.core import money
from loyalty_project.core.admin import currency


class PercentOff(Recipe):
    title = gettext_lazy("Percent off")
    about = gettext_lazy(
        "10 percent off the order, from an amount on, with a cap where you want one."
    )
    percent = base.percent_field()
    least = base.from_field(required=False)
    most = base.money_field(
        gettext_lazy("at most"),
        gettext_lazy("The highest discount. Empty: no cap."),
        required=False,
    )

    def discount(self, data: Mapping[str, Any]) -> Document:
        cap = {} if data["most"] is None else {"amount_limit": data["most"]}
        return {**base.percent(data["percent"]), **cap}

    def rule(self, data: Mapping[str, Any]) -> Document:
        return base.from_amount(data["least"])


class AmountOff(Recipe):
    icon = "coins"
    title = gettext_lazy("Spend some, get some off")
    about = gettext_lazy("15.00 off from an order of 100.00.")
    amount = base.money_field(gettext_lazy("amount off"), gettext_lazy("What is taken off."))
    least = base.from_field()

    def discount(self, data: Mapping[str, Any]) -> Document:
        return {"type": "AMOUNT", "amount_off": data["amount"], "effect": "APPLY_TO_ORDER"}

    def rule(self, data: Mapping[str, Any]) -> Document:
        return base.from_amount(data["least"])


class SpendTiers(Recipe):
    icon = "trending-up"
    title = gettext_lazy("More off for bigger orders")
    about = gettext_lazy(
        "10 percent from 100.00, 15 percent from 200.00: the higher step alone counts."
    )
    least = base.from_field()
    percent = base.percent_field()
    more_from = base.from_field(label=gettext_lazy("more from an order of"))
    more_percent = base.percent_field(label=gettext_lazy("then percent off"))

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        least, more = cleaned.get("least"), cleaned.get("more_from")
        if least is not None and more is not None and least >= more:
            higher = _("The second step must be higher than the first.")
            self.add_error("more_from", ValidationError(higher, code="invalid"))
        return cleaned

    def discount(self, data: Mapping[str, Any]) -> Document:
        step = _number(money.to_major(data["more_from"], currency.current().exponent))
        high, low = (
            _number(Decimal(str(money.to_percent(data[name]))))
            for name in ("more_percent", "percent")
        )
        formula = f"IF(ORDER_AMOUNT >= {step}; {high}; {low})"
        return {**base.percent(data["percent"]), "percent_off_formula": formula}

    def rule(self, data: Mapping[str, Any]) -> Document:
        return base.from_amount(data["least"])


class FreeShipping(Recipe):
    icon = "send"
    title = gettext_lazy("Free shipping")
    about = gettext_lazy("The line Shipping of the cart costs nothing, from an amount on.")
    least = base.from_field(required=False)

    def discount(self, data: Mapping[str, Any]) -> Document:
        del data
        return units.shipping()

    def rule(self, data: Mapping[str, Any]) -> Document:
        return base.from_amount(data["least"])


class GiftFrom(Recipe):
    icon = "gift"
    title = gettext_lazy("A gift with the order")
    about = gettext_lazy("A sample or gift in the cart for nothing, from an amount on.")
    gift = base.ItemField(
        kind="goods", label=gettext_lazy("gift"), help_text=gettext_lazy("A product or SKU.")
    )
    least = base.from_field(required=False)

    def discount(self, data: Mapping[str, Any]) -> Document:
        return gift(data["gift"])

    def rule(self, data: Mapping[str, Any]) -> Document:
        return base.from_amount(data["least"])


class HappyHours(Recipe):
    icon = "clock"
    title = gettext_lazy("Happy hours")
    about = gettext_lazy("Percent off between two times of the day, on the project's clock.")
    percent = base.percent_field()
    begins = forms.TimeField(
        label=gettext_lazy("from"),
        widget=forms.TimeInput(attrs={"type": "time", "dir": "ltr"}),
        help_text=gettext_lazy("E.g. 14:00."),
    )
    ends = forms.TimeField(
        label=gettext_lazy("until"),
        widget=forms.TimeInput(attrs={"type": "time", "dir": "ltr"}),
        help_text=gettext_lazy("Earlier than the start: on the next day."),
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        if cleaned.get("begins") is not None and cleaned.get("begins") == cleaned.get("ends"):
            differ = _("The two times must differ.")
            self.add_error("ends", ValidationError(differ, code="invalid"))
        return cleaned

    def discount(self, data: Mapping[str, Any]) -> Document:
        return base.percent(data["percent"])

    def rule(self, data: Mapping[str, Any]) -> Document:
        hours = f"{data['begins']:%H:%M};{data['ends']:%H:%M};"
        return {"rules": base.numbered(base.asks("wafa.time", "$timeframe_daily_hours", hours))}


def gift(item: Document) -> Document:
    return {
        "type": "UNIT",
        "unit_off": 1,
        "unit_type": item["id"],
        "effect": "ADD_MISSING_ITEMS",
    }


def _number(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
