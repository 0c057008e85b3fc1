"""The fields by which people say what a code gives, and the wire document they make."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from loyalty_project.core import money
from loyalty_project.core.admin import currency, fields

KINDS = [
    ("PERCENT", _("Percent off the order")),
    ("AMOUNT", _("Amount off the order")),
    ("FIXED", _("New total of the order")),
]
_VALUES = {"PERCENT": "percent_off", "AMOUNT": "amount_off", "FIXED": "fixed_amount"}
_KNOWN = {"type", "effect", "amount_limit", *_VALUES.values()}


class DiscountForm(forms.ModelForm):
    """What the order gets; only the value of the chosen kind counts.

    `kind_is_fixed` is False where another kind may be chosen later.
    """

    kind_is_fixed = True

    discount_type = forms.ChoiceField(
        label=_("discount"), choices=KINDS, help_text=_("Fixed once it is saved.")
    )
    percent_off = fields.PercentField(
        label=_("percent"), required=False, help_text=_("Of the order, e.g. 12.5.")
    )
    amount_limit = fields.MoneyField(
        label=_("at most"), required=False, help_text=_("The highest discount. Empty: no cap.")
    )
    amount_off = fields.MoneyField(
        label=_("amount"), required=False, help_text=_("Taken off the total of the order.")
    )
    fixed_amount = fields.MoneyField(
        label=_("new total"), required=False, help_text=_("What the order costs with the code.")
    )

    def read_discount(self, document: Mapping[str, Any]) -> None:
        """Show a stored discount; one that these fields cannot say is left alone."""
        kind = str(document.get("type"))
        on_order = document.get("effect") in {None, "APPLY_TO_ORDER"}
        if kind not in _VALUES or not on_order or not set(document) <= _KNOWN:
            self.hide("discount_type", "amount_limit", *_VALUES.values())
            return
        self.initial["discount_type"] = kind
        shown = {_VALUES[kind], "amount_limit"} if kind == "PERCENT" else {_VALUES[kind]}
        if self.kind_is_fixed:
            self.fields["discount_type"].disabled = True
            self.hide(*{"amount_limit", *_VALUES.values()} - shown)
        for name in shown:
            self.initial[name] = _stored(name, document.get(name))

    def hide(self, *names: str) -> None:
        """Keep what these fields cannot say as it is."""
        for name in names:
            field = self.fields[name]
            field.widget, field.disabled, field.required = forms.HiddenInput(), True, False

    def is_hidden(self, name: str) -> bool:
        return isinstance(self.fields[name].widget, forms.HiddenInput)

    def check_discount(self) -> None:
        name = _VALUES.get(str(self.cleaned_data.get("discount_type")))
        if name and not self.is_hidden(name) and self.cleaned_data.get(name) is None:
            self.add_error(name, forms.ValidationError(_("This field is required."), "required"))

    def discount(self) -> dict[str, Any] | None:
        """The published document in minor units; None where the fields are not shown."""
        kind = self.cleaned_data.get("discount_type")
        if not kind or self.is_hidden("discount_type"):
            return None
        value = self.cleaned_data[_VALUES[kind]]
        document: dict[str, Any] = {"type": kind}
        document[_VALUES[kind]] = money.to_percent(value) if kind == "PERCENT" else value
        if kind == "PERCENT" and self.cleaned_data.get("amount_limit") is not None:
            document["amount_limit"] = self.cleaned_data["amount_limit"]
        effect = self.instance.definition.data["discount"].get("effect") if self.instance.pk else ""
        return {**document, "effect": effect} if effect else document


def _stored(name: str, value: Any) -> Any:
    if value is None:
        return None
    return money.to_millionths(str(value)) if name == "percent_off" else int(value)


def amount_text(minor: int) -> str:
    return currency.current().text(minor)
