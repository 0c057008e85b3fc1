"""Rules about the products of an order, and the products themselves."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaigns.engine.redeemable import ApplicableTo, Component
from campaigns.engine.rules.conditions import Condition, ItemRule, Quantifier
from campaigns.engine.rules.verdict import lowest
from campaigns.sentences.words import Words, all_of, any_of, number
from loyalty_project.core.predicates import All, AnyOf, Leaf, Node
from rewards.models import ALL_PRODUCTS_ID, SHIPPING_ID

COLLECTION = "products_collection"
_OPPOSITES = {Quantifier.ANY: Quantifier.NONE, Quantifier.NONE: Quantifier.ANY}


def one_of(entry: ApplicableTo | Component, words: Words) -> str:
    """`Tea`, or `a product of the collection Summer`."""
    if entry.id == ALL_PRODUCTS_ID:
        return _("any product")
    name = words.name(entry.id)
    if entry.object != COLLECTION:
        return name
    return _("a product of the collection %(name)s") % {"name": name}


def all_in(entry: ApplicableTo | Component, words: Words) -> str:
    """`Tea`, or `the collection Summer`."""
    if entry.id == ALL_PRODUCTS_ID:
        return _("all products")
    if entry.id == SHIPPING_ID:
        return _("shipping")
    name = words.name(entry.id)
    if entry.object != COLLECTION:
        return name
    return _("the collection %(name)s") % {"name": name}


def units(entry: ApplicableTo | Component, n: int, words: Words) -> str:
    """`2 units of Tea`."""
    text = ngettext("%(n)s unit of %(item)s", "%(n)s units of %(item)s", n)
    return text % {"n": number(n), "item": all_in(entry, words)}


def bundle(components: Sequence[Component], words: Words) -> str:
    return all_of([units(each, each.quantity, words) for each in components])


def clause(rule: ItemRule, where: str, words: Words, *, negated: bool = False) -> str:
    """`the order must contain Tea (the total quantity must be at least 3)`; `where` is the rest."""
    values = {"items": _items(rule, words), "where": where}
    if negated and rule.quantifier in _OPPOSITES:
        return _says(_OPPOSITES[rule.quantifier], rule, values)
    if negated and not where:
        return str(_CONTRARIES[rule.quantifier] % values)
    text = _measured(rule, words) or _says(rule.quantifier, rule, values)
    return _("this must not be so: %(clause)s") % {"clause": text} if negated else text


def _items(rule: ItemRule, words: Words) -> str:
    if not rule.entries:
        return _("a product")
    items = any_of([one_of(each, words) for each in rule.entries])
    return _("something other than %(items)s") % {"items": items} if rule.excluding else items


def _says(quantifier: Quantifier, rule: ItemRule, values: Mapping[str, str]) -> str:
    if not rule.entries and quantifier in _ABOUT_ALL:
        return str(_ABOUT_ALL[quantifier] % values)
    if not values["where"]:
        return str(_PLAIN[quantifier] % values)
    return str(_WHERE[quantifier] % values)


def _measured(rule: ItemRule, words: Words) -> str:
    """`the order must contain at least 3 units of Tea`, where that is all that is asked."""
    inner = _only(rule.parts)
    if rule.quantifier != Quantifier.ANY or not rule.entries or rule.excluding or inner is None:
        return ""
    (comparison,) = inner.comparisons
    least = None if comparison.operator == "$is" else lowest(comparison)
    if least is None:
        return ""
    values = {"items": any_of([all_in(each, words) for each in rule.entries])}
    if inner.name.endswith("aggregated_quantity"):
        text = ngettext(
            "the order must contain at least %(n)s unit of %(items)s",
            "the order must contain at least %(n)s units of %(items)s",
            least,
        )
        return text % {**values, "n": number(least)}
    if inner.name.endswith("aggregated_amount"):
        text = _("the order must contain %(items)s for at least %(amount)s")
        return text % {**values, "amount": words.amount(least)}
    return ""


def _only(node: Node[Condition] | None) -> Condition | None:
    """The condition of a tree that has but one, with one comparison."""
    while isinstance(node, All | AnyOf) and len(node.parts) == 1:
        node = node.parts[0]
    if isinstance(node, Leaf) and len(node.condition.comparisons) == 1:
        return node.condition
    return None


_PLAIN: Mapping[Quantifier, Promise] = {
    Quantifier.ANY: gettext_lazy("the order must contain %(items)s"),
    Quantifier.EVERY: gettext_lazy("every product in the order must be %(items)s"),
    Quantifier.NONE: gettext_lazy("the order must not contain %(items)s"),
    Quantifier.CHEAPEST: gettext_lazy("the cheapest product in the order must be %(items)s"),
    Quantifier.MOST_EXPENSIVE: gettext_lazy(
        "the most expensive product in the order must be %(items)s"
    ),
}
_WHERE: Mapping[Quantifier, Promise] = {
    Quantifier.ANY: gettext_lazy("the order must contain %(items)s (%(where)s)"),
    Quantifier.EVERY: gettext_lazy("every product in the order must be %(items)s (%(where)s)"),
    Quantifier.NONE: gettext_lazy("the order must not contain %(items)s (%(where)s)"),
    Quantifier.CHEAPEST: gettext_lazy(
        "the cheapest product in the order must be %(items)s (%(where)s)"
    ),
    Quantifier.MOST_EXPENSIVE: gettext_lazy(
        "the most expensive product in the order must be %(items)s (%(where)s)"
    ),
}
_ABOUT_ALL: Mapping[Quantifier, Promise] = {
    Quantifier.EVERY: gettext_lazy("for every product in the order, %(where)s"),
    Quantifier.CHEAPEST: gettext_lazy("for the cheapest product in the order, %(where)s"),
    Quantifier.MOST_EXPENSIVE: gettext_lazy(
        "for the most expensive product in the order, %(where)s"
    ),
}
_CONTRARIES: Mapping[Quantifier, Promise] = {
    Quantifier.EVERY: gettext_lazy("at least one product in the order must not be %(items)s"),
    Quantifier.CHEAPEST: gettext_lazy("the cheapest product in the order must not be %(items)s"),
    Quantifier.MOST_EXPENSIVE: gettext_lazy(
        "the most expensive product in the order must not be %(items)s"
    ),
}
