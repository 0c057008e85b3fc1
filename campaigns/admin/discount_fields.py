"""The two fields of a discount that are more than a number: a formula, and products for free."""

import json
from typing import Any

from django import forms
from django.forms.widgets import Script
from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.admin.builder import choices
from campaigns.admin.builder.drafts import mapping
from campaigns.admin.builder.fields import DraftField, DraftWidget
from campaigns.admin.discount_words import UNIT_EFFECTS, names_in_formulas
from campaigns.engine import effects
from loyalty_project.core import strict_json
from loyalty_project.core.admin import currency
from loyalty_project.core.formulas.grammar import LENGTH_MAX

SCRIPTS = ("builder/dom", "builder/picker", "builder/example", "discount")


class FormulaInput(forms.Textarea):
    """A formula, with the names that it may use in a list beside it."""

    def __init__(self) -> None:
        attrs = {"rows": 2, "dir": "ltr", "spellcheck": "false", "class": "formula"}
        super().__init__({**attrs, "placeholder": "IF(ORDER_AMOUNT >= 200; 15; 10)"})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        data = {"data-names": json.dumps(names_in_formulas()), "data-names-head": _("Names to use")}
        return super().get_context(name, value, {**data, **(attrs or {})})


class FormulaField(forms.CharField):
    widget = FormulaInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": LENGTH_MAX, **kwargs})


class UnitsWidget(DraftWidget):
    """Rows of products; it brings what static/wafa/discount.js needs to know of the page."""

    class Media:
        js = [Script(f"wafa/{name}.js", defer=True) for name in SCRIPTS]

    def __init__(self) -> None:
        super().__init__("units")

    @property
    def media(self) -> Any:
        """Not the scripts of rules."""
        return forms.Media(self.Media)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        data = {"data-builder-config": json.dumps(_config(value))}
        return super().get_context(name, value, {**data, **(attrs or {})})


class UnitsField(DraftField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__("units", **kwargs)
        self.widget = UnitsWidget()

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return mapping(initial) != self.to_python(data) and bool(data)
        except forms.ValidationError:
            return True


def picker_config(typed: Any) -> dict[str, Any]:
    """What static/wafa/builder/picker.js needs; `typed` holds the JSON of what was chosen."""
    return {
        "currency": currency.current().code,
        "names": choices.names(choices.references_in(_read(typed))),
        "urls": {
            "choices": reverse("admin:campaigns_validationrule_choices"),
            "example": reverse("admin:campaigns_validationrule_example"),
        },
        "words": _words(),
    }


def _read(typed: Any) -> Any:
    if isinstance(typed, dict):
        return {name: _read(value) for name, value in typed.items()}
    try:
        return strict_json.loads(str(typed or "{}"))
    except strict_json.InvalidJson:
        return {}


def _config(value: Any) -> dict[str, Any]:
    return {
        **picker_config(value),
        "effects": {name: [*kind.effects] for name, kind in effects.TYPES.items()},
        "unitEffects": [{"value": name, "label": str(text)} for name, text in UNIT_EFFECTS.items()],
    }


def _words() -> dict[str, str]:
    return {
        "product": _("Product, SKU or collection"),
        "quantity": _("How many of it"),
        "addProduct": _("Add product"),
        "remove": _("Remove"),
        "removed": _("Removed"),
        "added": _("Added"),
        "typeToFind": _("Type to find"),
        "typeValue": _("Type, then press Enter"),
        "nothingFound": _("Nothing matches"),
        "notReached": _("The server does not answer. Try again."),
        "how": _("How it is given"),
        "unitFormula": _("Number by a formula"),
        "example": _("Example"),
        "exampleHelp": _("Change the cart to see what it gives. Conditions are taken as met."),
        "item": _("Item"),
        "price": _("Unit price"),
        "units": _("Units"),
        "before": _("Before"),
        "discount": _("Discount"),
        "after": _("To pay"),
        "onOrder": _("On the order"),
        "total": _("Total"),
        "addItem": _("Add item"),
        "ourItem": _("Product, or a name of your own"),
    }
