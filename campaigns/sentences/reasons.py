"""Why not: one sentence for every reason that the engine gives."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaigns.engine.counters import Measure, Period, Scope
from campaigns.engine.redeemable import Rule
from campaigns.engine.results import Reason
from campaigns.engine.rules.counted import CUSTOMER, Counted
from campaigns.sentences import counts, dates, rules
from campaigns.sentences.words import Words, both, number

PLAIN = Words()


def why(reason: Reason, words: Words = PLAIN, *, asked: Sequence[Rule] = ()) -> str:
    """One sentence for a reason; an unknown key reads as itself.

    With the rules that were `asked` it names the conditions that are not met. What the author of a
    rule wants said comes before all.
    """
    if reason.details.get("message"):
        return str(reason.details["message"])
    if "measure" in reason.details and not words.for_shoppers:
        return _over_limit(reason.details, words)
    if reason.key.endswith("_violated") and not words.for_shoppers:
        unmet = unmet_conditions(reason, words, asked)
        if unmet:
            return _("Not met: %(conditions)s.") % {"conditions": both(unmet)}
    says = _WITH_DETAILS.get(reason.key)
    known = {**reason.parameters, **reason.details}
    return says(known, words) if says else str(_WHY.get(reason.key, reason.key))


def unmet_conditions(
    reason: Reason, words: Words, asked: Sequence[Rule], *, group: str | None = None
) -> list[str]:
    """The statements of the conditions that stood in the way, of one group or of all."""
    found: list[str] = []
    for violation in reason.details.get("violations", ()):
        for rule in asked:
            if rule.id == violation["rule"]:
                found += rules.of_number(rule, violation["number"], words, group=group)
    return list(dict.fromkeys(found))


def _over_limit(details: Mapping[str, Any], words: Words) -> str:
    """With what other sessions hold, where there would be room without them."""
    kept = Counted(
        Measure(details["measure"]),
        Scope(details["scope"]),
        Period(details["period"]),
        CUSTOMER if details.get("per_customer") else "",
    )
    limit = counts.at_most(kept, details["required"], words, details.get("scope_id", ""))
    if details.get("held"):
        return _("Sessions hold what is left of a limit: %(limit)s.") % {"limit": limit}
    return _("A limit is reached: %(limit)s.") % {"limit": limit}


def _limit(details: Mapping[str, Any], words: Words) -> str:
    if words.for_shoppers and details.get("held"):
        return _("Others are about to use what is left of it.")
    if words.for_shoppers or details.get("redeemed") is None:
        return _("It has been used as often as it can be.")
    values = {"redeemed": number(details["redeemed"]), "limit": number(details["limit"])}
    if details.get("held"):
        values["held"] = number(details["held"])
        return _("It was used %(redeemed)s of %(limit)s times and is held %(held)s times.") % values
    return _("It was used %(redeemed)s of %(limit)s times.") % values


def _not_now(details: Mapping[str, Any], _words: Words) -> str:
    if details.get("by") == "holidays":
        return _("By its holiday calendar it does not run on this day.")
    if details.get("scope") == "campaign":
        return _("The days or hours of its campaign do not include this moment.")
    return _("Its days or hours do not include this moment.")


def _not_started(details: Mapping[str, Any], words: Words) -> str:
    values = {"start": dates.exact(details["starts_at"], words)}
    if details.get("scope") == "campaign":
        return _("Its campaign has not started yet: it starts on %(start)s.") % values
    return _("It has not started yet: it starts on %(start)s.") % values


def _ended(details: Mapping[str, Any], words: Words) -> str:
    values = {"end": dates.exact(details["ends_at"], words)}
    if details.get("scope") == "campaign":
        return _("Its campaign ended on %(end)s.") % values
    return _("It ended on %(end)s.") % values


def _promotion_not_now(details: Mapping[str, Any], words: Words) -> str:
    if "starts_at" in details:
        return _not_started(details, words)
    return _ended(details, words) if "ends_at" in details else _not_now(details, words)


def _customer_rules(details: Mapping[str, Any], words: Words) -> str:
    percent = details.get("rollout_percent")
    if percent is None or words.for_shoppers:
        return _("It is not for this customer.")
    text = _("It is open to %(percent)s %% of the customers, and this one is not among them.")
    return text % {"percent": number(percent)}


def _order_rules(details: Mapping[str, Any], _words: Words) -> str:
    if "bundle" in details:
        return _("The order does not contain the whole bundle.")
    return _("The order does not meet the conditions.")


def _too_many(details: Mapping[str, Any], _words: Words) -> str:
    n = details["limit"]
    text = ngettext(
        "No more than %(n)s offer can be applied to an order.",
        "No more than %(n)s offers can be applied to an order.",
        n,
    )
    return text % {"n": number(n)}


def _too_many_exclusive(details: Mapping[str, Any], _words: Words) -> str:
    n = details["limit"]
    text = ngettext(
        "No more than %(n)s exclusive offer can be applied to an order.",
        "No more than %(n)s exclusive offers can be applied to an order.",
        n,
    )
    return text % {"n": number(n)}


def _too_many_of_category(details: Mapping[str, Any], words: Words) -> str:
    n = details["limit"]
    text = ngettext(
        "No more than %(n)s offer of the category %(category)s can be applied to an order.",
        "No more than %(n)s offers of the category %(category)s can be applied to an order.",
        n,
    )
    return text % {"n": number(n), "category": words.name(str(details["category_id"]))}


def _no_credit(details: Mapping[str, Any], words: Words) -> str:
    if details.get("held"):
        return _held_credit(details, words)
    if words.for_shoppers or details.get("wanted") is None or not details.get("balance"):
        return _("There is not enough on the card.")
    values = {name: words.amount(details[name]) for name in ("wanted", "balance")}
    return _("The card holds %(balance)s, and %(wanted)s were asked of it.") % values


def _held_credit(details: Mapping[str, Any], words: Words) -> str:
    if words.for_shoppers:
        return _("What is on the card is reserved for another order.")
    values = {name: words.amount(details[name]) for name in ("held", "balance")}
    return _("Sessions hold %(held)s of the card, which leaves %(balance)s.") % values


_WITH_DETAILS: Mapping[str, Callable[[Mapping[str, Any], Words], str]] = {
    "voucher_not_active": _not_started,
    "voucher_expired": _ended,
    "voucher_not_active_now": _not_now,
    "promotion_not_active_now": _promotion_not_now,
    "quantity_exceeded": _limit,
    "gift_amount_exceeded": _no_credit,
    "customer_rules_violated": _customer_rules,
    "order_rules_violated": _order_rules,
    "applicable_redeemables_limit_exceeded": _too_many,
    "applicable_redeemables_per_category_limit_exceeded": _too_many_of_category,
    "applicable_exclusive_redeemables_limit_exceeded": _too_many_exclusive,
    "applicable_exclusive_redeemables_per_category_limit_exceeded": _too_many_of_category,
}
_WHY: Mapping[str, Promise] = {
    "not_found": gettext_lazy("It does not exist."),
    "voucher_disabled": gettext_lazy("It is switched off."),
    "campaign_not_active": gettext_lazy("Its campaign is switched off."),
    "promotion_inactive": gettext_lazy("It is switched off."),
    "redemption_rules_violated": gettext_lazy("Its conditions are not met."),
    "missing_customer": gettext_lazy("Say who the customer is."),
    "missing_order": gettext_lazy("Send the order."),
    "missing_amount": gettext_lazy("Send the amount."),
    "missing_order_items": gettext_lazy("Send the items of the order."),
    "missing_order_items_amount": gettext_lazy("No item of the order can be paid with it."),
    "no_applicable_redeemables": gettext_lazy("Nothing of it can be applied to this order."),
    "exclusion_rules_not_met": gettext_lazy("It cannot be combined with another one."),
    "preceding_validation_failed": gettext_lazy(
        "Another one was refused, and all are applied or none."
    ),
    "gift_out_of_stock": gettext_lazy("The gift is out of stock."),
    "no_effect": gettext_lazy("It takes nothing off this order."),
}
