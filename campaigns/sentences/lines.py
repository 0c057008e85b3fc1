"""Which products a discount is for, with the limits and choices of each entry."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.engine.redeemable import ApplicableTo, Pick, Target
from campaigns.sentences import formulas, items
from campaigns.sentences.words import Words, all_of, listed, number, sentence
from rewards.models import ALL_PRODUCTS_ID


def of_entries(
    included: Sequence[ApplicableTo],
    excluded: Sequence[ApplicableTo],
    words: Words,
    *,
    included_all: bool = False,
) -> list[str]:
    """Sentences on applicable_to: what it is for, what it is not for, and the limits of each."""
    found = []
    is_for_all = included_all or any(each.id == ALL_PRODUCTS_ID for each in included)
    if included and not is_for_all:
        named = all_of(_names(included, words))
        found.append(_("The discount is only for %(items)s.") % {"items": named})
    if excluded:
        named = all_of(_names(excluded, words))
        found.append(_("The discount is not for %(items)s.") % {"items": named})
    for entry in included:
        terms = list(_terms(entry, words))
        if terms:
            values = {"item": items.all_in(entry, words), "terms": listed(terms)}
            found.append(sentence(_("%(item)s: %(terms)s") % values))
    if any(entry.strict for entry in included):
        found.append(_("The discount is given only if the order contains nothing else."))
    return found


def _names(entries: Sequence[ApplicableTo], words: Words) -> list[str]:
    return list(dict.fromkeys(items.all_in(each, words) for each in entries))


def _terms(entry: ApplicableTo, words: Words) -> Iterator[str]:
    by_unit = entry.target == Target.UNIT
    if entry.price_formula is not None:
        facts = all_of(formulas.facts(entry.price_formula.text, words))
        yield _("at a price computed from %(facts)s") % {"facts": facts or _("a formula")}
    elif entry.price is not None:
        yield _("at a price of %(amount)s each") % {"amount": words.amount(entry.price)}
    if entry.effect in _PICKS:
        yield _pick(entry.effect)
    if entry.skip_initially:
        yield _skip(entry.skip_initially, by_unit=by_unit)
    if entry.repeat > 1:
        values = {"taken": number(entry.take), "n": number(entry.repeat)}
        yield (
            _("%(taken)s of every %(n)s units") % values
            if by_unit
            else _("%(taken)s of every %(n)s order lines") % values
        )
    yield from _limits(entry, words)


def _limits(entry: ApplicableTo, words: Words) -> Iterator[str]:
    n = entry.quantity_limit
    if n is not None:
        text = ngettext(
            "at most %(n)s unit of each order line", "at most %(n)s units of each order line", n
        )
        yield text % {"n": number(n)}
    n = entry.aggregated_quantity_limit
    if n is not None:
        text = ngettext("at most %(n)s unit in all", "at most %(n)s units in all", n)
        yield text % {"n": number(n)}
    if entry.amount_limit is not None:
        amount = words.amount(entry.amount_limit)
        yield _("at most %(amount)s off each order line") % {"amount": amount}
    if entry.aggregated_amount_limit is not None:
        amount = words.amount(entry.aggregated_amount_limit)
        yield _("at most %(amount)s off in all") % {"amount": amount}


def _skip(n: int, *, by_unit: bool) -> str:
    text = (
        ngettext("not the first unit", "not the first %(n)s units", n)
        if by_unit
        else ngettext("not the first order line", "not the first %(n)s order lines", n)
    )
    return text % {"n": number(n)}


_PICKS = frozenset(Pick) - {Pick.EVERY}


def _pick(effect: Pick) -> str:
    return {
        Pick.CHEAPEST: _("only the cheapest"),
        Pick.FROM_CHEAPEST: _("the cheapest first"),
        Pick.MOST_EXPENSIVE: _("only the most expensive"),
        Pick.FROM_MOST_EXPENSIVE: _("the most expensive first"),
    }[effect]
