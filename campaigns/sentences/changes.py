"""What would help: the smallest change, as a request to the shopper or the clerk."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaigns.engine.changes import (
    ANY,
    AddAmount,
    AddItems,
    Change,
    RemoveItems,
    Say,
    Wait,
    Without,
)
from campaigns.engine.explain import Explanation
from campaigns.engine.facts import Line, Order
from campaigns.engine.redeemable import Component
from campaigns.engine.results import Applied
from campaigns.engine.rules.conditions import Group
from campaigns.sentences import dates, items
from campaigns.sentences.reasons import unmet_conditions
from campaigns.sentences.words import Words, all_of, both, number, quoted, sentence


def of_changes(changes: Sequence[Change], order: Order | None, words: Words) -> str:
    """`Add 8.00 EUR more to the order and add 1 unit of Tea.`; `order` is that of the request."""
    return sentence(all_of([of_change(each, order, words) for each in changes]))


def of_change(change: Change, order: Order | None, words: Words) -> str:
    """One change without capital and full stop."""
    if isinstance(change, AddAmount):
        return _("add %(amount)s more to the order") % {"amount": words.amount(change.amount)}
    if isinstance(change, AddItems):
        return _add(change, words)
    if isinstance(change, RemoveItems):
        return _("take %(item)s out of the order") % {"item": _line(change.index, order, words)}
    if isinstance(change, Wait):
        return _("use it from %(when)s on") % {"when": dates.soon(change.until, words)}
    if isinstance(change, Say):
        values = {"key": change.key, "value": quoted(change.value)}
        text = _CONTEXT.get(change.key) if change.fact == "context" else _METADATA[change.fact]
        return str((text or _OTHER) % values)
    if isinstance(change, Without):
        return _("leave out %(item)s") % {"item": words.name(change.id)}
    raise TypeError(change)


def why_nothing_helps(explanation: Explanation, words: Words) -> str:
    """Why nothing helps; for the wrong customer also which one it is for."""
    suggestion, result = explanation.suggestion, explanation.result
    if suggestion is None or isinstance(result, Applied):
        return ""
    if suggestion.impossible == "customer" and not words.for_shoppers:
        asked = result.redeemable.rules
        unmet = unmet_conditions(result.reason, words, asked, group=Group.CUSTOMER)
        if unmet:
            text = _("Impossible for this customer: %(conditions)s.")
            return text % {"conditions": both(unmet)}
    return str(_IMPOSSIBLE[suggestion.impossible or "not_seen"])


def _add(change: AddItems, words: Words) -> str:
    n, price = change.quantity, change.price
    values = {"n": number(n), "price": words.amount(price or 0)}
    if change.object == ANY:
        if not price:
            text = ngettext("add %(n)s more product", "add %(n)s more products", n)
        else:
            text = ngettext(
                "add %(n)s more product, for example at %(price)s",
                "add %(n)s more products, for example at %(price)s each",
                n,
            )
        return text % values
    values["item"] = items.all_in(Component(change.object, change.id), words)
    if price is None:
        text = ngettext("add %(n)s unit of %(item)s", "add %(n)s units of %(item)s", n)
    else:
        text = ngettext(
            "add %(n)s unit of %(item)s, for example at %(price)s",
            "add %(n)s units of %(item)s, for example at %(price)s each",
            n,
        )
    return text % values


def _line(index: int, order: Order | None, words: Words) -> str:
    """What a line is of, by the best name that is known."""
    line = order.lines[index] if order is not None and index < len(order.lines) else Line()
    for identifier in (line.sku_id, line.product_id):
        if identifier is not None and identifier in words.names:
            return words.name(identifier)
    known = [line.sku.sku if line.sku else None, line.product.name if line.product else None]
    known += [line.source_id, line.sku_id, line.product_id]
    named = next((each for each in known if each), None)
    return named or _("line %(n)s") % {"n": number(index + 1)}


_OTHER = gettext_lazy("send %(value)s as “%(key)s” of the request")
_CONTEXT: Mapping[str, Promise] = {
    "channel": gettext_lazy("use it in the channel %(value)s"),
    "placement": gettext_lazy("use it in the placement %(value)s"),
    "store": gettext_lazy("use it in the store %(value)s"),
}
_METADATA: Mapping[str, Promise] = {
    "order.metadata": gettext_lazy("send %(value)s as “%(key)s” of the order"),
    "redemption.metadata": gettext_lazy("send %(value)s as “%(key)s” of the redemption"),
}
_IMPOSSIBLE: Mapping[str, Promise] = {
    "unknown": gettext_lazy("Check the spelling."),
    "switched_off": gettext_lazy("It is switched off; no change of the order helps."),
    "ended": gettext_lazy("It is over and does not come back."),
    "used_up": gettext_lazy("It is used up."),
    "held": gettext_lazy("It can be used again if others do not use it after all."),
    "customer_needed": gettext_lazy("Say who the customer is."),
    "customer": gettext_lazy("It is not for this customer."),
    "not_seen": gettext_lazy("No simple change would make it valid."),
}
