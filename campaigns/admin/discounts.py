"""The fields by which people say what a code gives, and the wire document they make."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns import sentences
from campaigns.admin import units
from campaigns.admin.builder.drafts import Problems
from campaigns.admin.discount_fields import FormulaField, UnitsField
from campaigns.admin.discount_words import BY_DEFAULT, EFFECTS, KINDS, SHIPPING
from campaigns.engine import effects
from campaigns.engine.effects.base import InvalidDiscount
from campaigns.services import definitions
from loyalty_project.core import money
from loyalty_project.core.admin import currency, fields

DISCOUNT = [
    "discount_type",
    "effect",
    "percent_off",
    "amount_off",
    "fixed_amount",
    "formula",
    "amount_limit",
    "aggregated_amount_limit",
    "units",
]
_VALUES = {"PERCENT": "percent_off", "AMOUNT": "amount_off", "FIXED": "fixed_amount"}
_LIMITS = ("amount_limit", "aggregated_amount_limit")
# What counts beside the value, and the formula, of each kind.
_MORE: dict[str, tuple[str, ...]] = {
    "PERCENT": _LIMITS,
    "AMOUNT": ("aggregated_amount_limit",),
    "FIXED": (),
}


class DiscountForm(forms.Form):
    """What the order gets; only what belongs to the chosen kind counts.

    `kind_is_fixed` is False where another kind may be chosen later. static/wafa/discount.js shows
    what matters, and an example.
    """

    kind_is_fixed = True
    stored: Mapping[str, Any] | None = None

    discount_type = forms.ChoiceField(
        label=_("discount"), choices=KINDS, help_text=_("Fixed once it is saved.")
    )
    effect = forms.ChoiceField(
        label=_("taken off"),
        choices=list(EFFECTS.items()),
        required=False,
        help_text=_("Items are chosen by a rule; without one all of them are meant."),
    )
    percent_off = fields.PercentField(label=_("percent"), required=False, help_text=_("E.g. 12.5."))
    amount_off = fields.MoneyField(
        label=_("amount"), required=False, help_text=_("What is taken off.")
    )
    fixed_amount = fields.MoneyField(
        label=_("new price"),
        required=False,
        help_text=_("Of the order, or of one unit of an item."),
    )
    formula = FormulaField(
        label=_("computed by a formula"),
        required=False,
        help_text=_(
            "In whole units of money or percent. Where it has no value, that above counts."
        ),
    )
    amount_limit = fields.MoneyField(
        label=_("at most"), required=False, help_text=_("The highest discount. Empty: no cap.")
    )
    aggregated_amount_limit = fields.MoneyField(
        label=_("at most for all items together"),
        required=False,
        help_text=_("The highest discount on the chosen items. Empty: no cap."),
    )
    units = UnitsField(
        label=_("given for free"), help_text=_("A product or SKU, and how many units of it.")
    )

    def read_discount(self, document: Mapping[str, Any]) -> None:
        """Show a stored discount; one that these fields cannot say is left alone."""
        kind = str(document.get("type"))
        if kind not in effects.TYPES:
            self.hide(*DISCOUNT)
            return
        self.stored = document
        self.initial.update(initial_of(document))
        self.fields["discount_type"].disabled = self.kind_is_fixed

    def hide(self, *names: str) -> None:
        """Keep what these fields cannot say as it is."""
        for name in names:
            field = self.fields[name]
            field.widget, field.disabled, field.required = forms.HiddenInput(), True, False

    def is_hidden(self, name: str) -> bool:
        return isinstance(self.fields[name].widget, forms.HiddenInput)

    def check_discount(self) -> None:
        """Errors at the fields of the chosen kind, also those that the engine finds."""
        kind = str(self.cleaned_data.get("discount_type") or "")
        if not kind or self.is_hidden("discount_type"):
            return
        name = _VALUES.get(kind)
        if name and name not in self.errors and self.cleaned_data.get(name) is None:
            self.add_error(name, forms.ValidationError(_("This field is required."), "required"))
        problems = Problems()
        document = self._document(kind, problems)
        if problems.found:
            self._show(problems)
        elif not {*DISCOUNT} & set(self.errors):
            self._ask_the_engine(kind, document)

    def discount(self) -> dict[str, Any] | None:
        """The published document in minor units; None where the fields are not shown.

        The stored one where nothing was changed.
        """
        kind = self.cleaned_data.get("discount_type")
        if not kind or self.is_hidden("discount_type"):
            return None
        if self.stored is not None and not {*DISCOUNT} & set(self.changed_data):
            return dict(self.stored)
        return self._document(kind, Problems())

    def _document(self, kind: str, problems: Problems) -> dict[str, Any]:
        data = self.cleaned_data
        if kind == SHIPPING:
            return units.shipping()
        if kind == "UNIT":
            return units.closed(data.get("units") or {}, problems)
        name = _VALUES[kind]
        value = data.get(name)
        document: dict[str, Any] = {"type": kind}
        if value is not None:
            document[name] = money.to_percent(value) if kind == "PERCENT" else value
        if data.get("effect"):
            document["effect"] = data["effect"]
        if data.get("formula"):
            document[f"{name}_formula"] = data["formula"]
        limits = {limit: data[limit] for limit in _MORE[kind] if data.get(limit) is not None}
        return {**document, **limits}

    def _ask_the_engine(self, kind: str, document: Mapping[str, Any]) -> None:
        try:
            definitions.read_discount(discount=document)
        except InvalidDiscount as error:
            if kind == "UNIT":
                problems = Problems()
                units.place(problems, error)
                self._show(problems)
                return
            name = "formula" if error.field.endswith("_formula") else error.field
            self.add_error(name if name in self.fields else None, sentences.problem(error))

    def _show(self, problems: Problems) -> None:
        field = self.fields["units"]
        if isinstance(field, UnitsField):
            field.show(problems)
        self.add_error("units", problems.found[0].message)


def initial_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """What the fields show of a published discount."""
    kind = str(document["type"])
    if kind == "UNIT":
        shown = SHIPPING if units.is_shipping(document) else kind
        return {"discount_type": shown, "effect": BY_DEFAULT, "units": units.opened(document)}
    found = {"discount_type": kind, "effect": document.get("effect") or BY_DEFAULT}
    for name in (_VALUES[kind], *_MORE[kind]):
        found[name] = _stored(name, document.get(name))
    return {**found, "formula": document.get(f"{_VALUES[kind]}_formula") or ""}


def _stored(name: str, value: Any) -> Any:
    if value is None:
        return None
    return money.to_millionths(f"{value}") if name == "percent_off" else int(value)


def amount_text(minor: int) -> str:
    return currency.current().text(minor)
