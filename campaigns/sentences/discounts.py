"""What a discount gives, in words: "12.5 % off, at most 20.00 EUR"."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.engine.effects.unit import ADD_NEW_ITEMS, ADD_SAME_ITEMS
from campaigns.sentences import formulas
from campaigns.sentences.words import Words, all_of, number
from rewards.models import SHIPPING_ID

_FORMULAS = ("percent_off_formula", "amount_off_formula", "fixed_amount_formula")


def of_document(document: Mapping[str, Any], words: Words) -> str:
    """The phrase of a published discount document; empty for a type that nobody has worded."""
    says = _TYPES.get(str(document.get("type")))
    if says is None:
        return ""
    text = says(document, str(document.get("effect") or ""), words)
    limits = [document.get(name) for name in ("amount_limit", "aggregated_amount_limit")]
    limit = min((each for each in limits if each is not None), default=None)
    if limit is not None:
        text = _("%(discount)s, at most %(limit)s") % {
            "discount": text,
            "limit": words.amount(int(limit)),
        }
    formula = next((document[name] for name in _FORMULAS if document.get(name)), None)
    return _with_formula(text, formula, words)


def _with_formula(text: str, formula: object, words: Words) -> str:
    """The fixed value stands where the formula has none."""
    if formula is None:
        return text
    facts = formulas.facts(str(formula), words)
    if not facts:
        return _("computed by a formula, otherwise %(discount)s") % {"discount": text}
    return _("computed from %(facts)s, otherwise %(discount)s") % {
        "facts": all_of(facts),
        "discount": text,
    }


def _percent(document: Mapping[str, Any], effect: str, _words: Words) -> str:
    values = {"percent": number(document["percent_off"])}
    if effect == "APPLY_TO_ITEMS":
        return _("%(percent)s %% off the chosen products") % values
    return _("%(percent)s %% off") % values


def _amount(document: Mapping[str, Any], effect: str, words: Words) -> str:
    text = {
        "APPLY_TO_ITEMS": _("%(amount)s off each line of the chosen products"),
        "APPLY_TO_ITEMS_BY_QUANTITY": _("%(amount)s off each unit of the chosen products"),
        "APPLY_TO_ITEMS_PROPORTIONALLY": _(
            "%(amount)s off, shared among the chosen products by their price"
        ),
        "APPLY_TO_ITEMS_PROPORTIONALLY_BY_QUANTITY": _(
            "%(amount)s off, shared among the chosen products by their number"
        ),
    }.get(effect, _("%(amount)s off"))
    return text % {"amount": words.amount(int(document["amount_off"]))}


def _fixed(document: Mapping[str, Any], effect: str, words: Words) -> str:
    values = {"amount": words.amount(int(document["fixed_amount"]))}
    if effect == "APPLY_TO_ITEMS":
        return _("%(amount)s for each unit of the chosen products") % values
    return _("for %(amount)s") % values


def _units(document: Mapping[str, Any], effect: str, words: Words) -> str:
    units = document.get("units") or [{**document, "effect": effect}]
    return all_of([_unit(each, words) for each in units])


def _unit(unit: Mapping[str, Any], words: Words) -> str:
    kind, effect = str(unit.get("unit_type") or ""), unit.get("effect")
    count = unit.get("unit_off")
    n = 1 if count is None else int(count)
    if kind == SHIPPING_ID:
        return _("free shipping")
    if effect == ADD_SAME_ITEMS and not kind:
        text = ngettext(
            "%(n)s more unit of each chosen product for free",
            "%(n)s more units of each chosen product for free",
            n,
        )
    elif effect in {ADD_NEW_ITEMS, ADD_SAME_ITEMS}:
        text = ngettext(
            "%(n)s more unit of %(item)s for free", "%(n)s more units of %(item)s for free", n
        )
    else:
        text = ngettext("%(n)s unit of %(item)s for free", "%(n)s units of %(item)s for free", n)
    values = {"n": number(n), "item": words.name(kind)}
    return _with_formula(text % values, unit.get("unit_off_formula"), words)


_TYPES: Mapping[str, Callable[[Mapping[str, Any], str, Words], str]] = {
    "PERCENT": _percent,
    "AMOUNT": _amount,
    "FIXED": _fixed,
    "UNIT": _units,
}
