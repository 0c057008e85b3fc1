"""Recipes for some customers only."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from campaigns.admin.recipes import base
from campaigns.admin.recipes.base import AT_LEAST, AT_MOST, IS, Document, Recipe


class _PercentOff(Recipe):
    percent = base.percent_field()

    def discount(self, data: Mapping[str, Any]) -> Document:
        return base.percent(data["percent"])


class FirstOrder(_PercentOff):
    icon = "user-plus"
    title = gettext_lazy("First order")
    about = gettext_lazy("For customers who never bought anything.")

    def rule(self, data: Mapping[str, Any]) -> Document:
        del data
        return {"rules": base.numbered(base.asks("wafa.customer.orders", IS, 0))}


class WinBack(_PercentOff):
    icon = "undo-2"
    title = gettext_lazy("Win back")
    about = gettext_lazy("For customers whose last order is long ago.")
    days = base.count_field(
        gettext_lazy("days without an order"), gettext_lazy("More than so many."), initial=90
    )

    def rule(self, data: Mapping[str, Any]) -> Document:
        asked = base.asks("wafa.customer.days_since_last_order", "$more_than", data["days"])
        return {"rules": base.numbered(asked)}


class Birthday(_PercentOff):
    icon = "calendar"
    title = gettext_lazy("Birthday")
    about = gettext_lazy("On the birthday and for some days after it.")
    days = base.count_field(
        gettext_lazy("for how many days"),
        gettext_lazy("7: a week from the birthday on."),
        initial=7,
    )

    def rule(self, data: Mapping[str, Any]) -> Document:
        asked = base.asks("wafa.customer.days_since_birthday", AT_MOST, data["days"] - 1)
        return {"rules": base.numbered(asked)}


class GoodCustomers(_PercentOff):
    icon = "star"
    title = gettext_lazy("Good customers of a city")
    about = gettext_lazy("London, at least 1000.00 spent, no coupon used in the last six months.")
    city = forms.CharField(
        label=gettext_lazy("city"), max_length=100, help_text=gettext_lazy("As in the profile.")
    )
    spent = base.money_field(gettext_lazy("spent at least"), gettext_lazy("In all paid orders."))
    months = base.count_field(
        gettext_lazy("months without a coupon"), gettext_lazy("Of any campaign."), initial=6
    )

    def rule(self, data: Mapping[str, Any]) -> Document:
        city = base.asks("wafa.customer.attribute", IS, data["city"], property="city")
        spent = base.asks("wafa.customer.spend", AT_LEAST, data["spent"], property="")
        window = f"P{data['months']}M"
        fresh = base.asks("wafa.customer.redemptions", IS, 0, property=window)
        return {"rules": base.numbered(city, spent, fresh)}
