"""All that restricts an incentive, one sentence each: the `restrictions` of offers."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.engine.context import StackingRules
from campaigns.engine.counters import Measure
from campaigns.engine.redeemable import Bundle, Limit, MarginFloor, Overflow, Redeemable
from campaigns.engine.rollout import EVERYBODY
from campaigns.engine.rules.counted import CUSTOMER, Counted
from campaigns.engine.stacking import StackingType, type_of
from campaigns.sentences import counts, items, lines, rules, windows
from campaigns.sentences.words import Words, number, sentence
from loyalty_project.core import money


def of_redeemable(
    redeemable: Redeemable,
    words: Words,
    *,
    stacking: StackingRules | None = None,
    limits: Sequence[Limit] = (),
) -> list[str]:
    """What one must know before using it: when, on what conditions, for what, how often.

    `limits` are those of the whole project. Each sentence stands once, in a fixed sequence.
    """
    found = windows.of_redeemable(redeemable, words)
    if redeemable.campaign is not None:
        found += of_rollout(redeemable.campaign.rollout_percent, words)
    for rule in redeemable.rules:
        found += rules.of_rule(rule, words)
    found += lines.of_entries(
        redeemable.applicable_to,
        redeemable.inapplicable_to,
        words,
        included_all=redeemable.included_all,
    )
    if redeemable.bundle is not None:
        found += of_bundle(redeemable.bundle, words)
    if redeemable.usage.limit is not None:
        found.append(of_usage(redeemable.usage.limit))
    for limit in (*redeemable.limits, *limits):
        found += of_limit(limit, words)
    if redeemable.margin is not None:
        found += of_margin(redeemable.margin, words)
    if stacking is not None:
        found += of_stacking(redeemable, stacking, words)
    return list(dict.fromkeys(found))


def of_rollout(percent: int, words: Words) -> list[str]:
    if percent >= EVERYBODY:
        return []
    if words.for_shoppers:
        return [_("It is not open to all customers yet.")]
    return [_("It is open to %(percent)s %% of the customers.") % {"percent": number(percent)}]


def of_usage(limit: int) -> str:
    """How often a code can be used in all."""
    text = ngettext("It can be used %(n)s time.", "It can be used %(n)s times.", limit)
    return text % {"n": number(limit)}


def of_bundle(bundle: Bundle, words: Words) -> list[str]:
    values = {"bundle": items.bundle(bundle.components, words)}
    found = [_("The order must contain this bundle: %(bundle)s.") % values]
    if bundle.limit > 1 and bundle.scales:
        text = ngettext(
            "The discount is given for each bundle, at most %(n)s time.",
            "The discount is given for each bundle, at most %(n)s times.",
            bundle.limit,
        )
        found.append(text % {"n": number(bundle.limit)})
    return found


def of_limit(limit: Limit, words: Words) -> list[str]:
    """`At most 500 uses of the campaign per day.`, and what differs for segments.

    To shoppers a limit of money is but a budget that can be used up.
    """
    if words.for_shoppers and counts.is_amount(limit.measure):
        return [_("It ends when its budget is used up.")]
    kept = kept_of(limit)
    found = [sentence(counts.at_most(kept, limit.value, words, limit.scope_id))]
    if not words.for_shoppers:
        found += _relaxed(limit, words)
    if limit.overflow == Overflow.CAP and limit.measure == Measure.DISCOUNT:
        found.append(_("The last discount is cut down to what is left."))
    return found


def kept_of(limit: Limit) -> Counted:
    """What a limit counts."""
    per = CUSTOMER if limit.per_customer else ""
    return Counted(limit.measure, limit.scope, limit.period, per)


def _relaxed(limit: Limit, words: Words) -> Iterator[str]:
    for segment, value in sorted(limit.relaxed.items()):
        values = {"segment": words.name(segment)}
        if value is None:
            yield _("For the segment %(segment)s: without this limit.") % values
        else:
            values["limit"] = counts.at_most(kept_of(limit), value, words, limit.scope_id)
            yield _("For the segment %(segment)s: %(limit)s.") % values


def of_margin(margin: MarginFloor, words: Words) -> list[str]:
    """Nothing of costs is told to shoppers."""
    if words.for_shoppers:
        return [_("The discount may be less on some products.")]
    values = {
        "percent": number(money.to_percent(margin.percent)),
        "amount": words.amount(margin.amount),
    }
    if margin.percent and margin.amount:
        text = _("No product is sold below its cost plus %(percent)s %% and %(amount)s per unit.")
    elif margin.percent:
        text = _("No product is sold below its cost plus %(percent)s %%.")
    elif margin.amount:
        text = _("No product is sold below its cost plus %(amount)s per unit.")
    else:
        text = _("No product is sold below its cost.")
    found = [text % values]
    if margin.skips:
        found.append(_("A product for which the discount would be too much gets none."))
    return found


def of_stacking(redeemable: Redeemable, stacking: StackingRules, words: Words) -> list[str]:
    """Whether it goes together with others."""
    found = []
    kind = type_of(redeemable, stacking)
    if stacking.applicable_redeemables_limit == 1:
        found.append(_("It cannot be combined with other offers."))
    elif kind == StackingType.EXCLUSIVE:
        found.append(_("It cannot be combined with ordinary offers."))
    elif kind == StackingType.JOINT:
        found.append(_("It can be combined with all other offers."))
    elif stacking.exclusive_categories:
        found.append(_("It cannot be combined with exclusive offers."))
    for category in redeemable.categories:
        limit = stacking.applicable_redeemables_category_limits.get(
            category.id, stacking.applicable_redeemables_per_category_limit
        )
        if limit is not None:
            text = ngettext(
                "At most %(n)s offer of the category %(category)s per order.",
                "At most %(n)s offers of the category %(category)s per order.",
                limit,
            )
            name = category.name or words.name(category.id)
            found.append(text % {"n": number(limit), "category": name})
    return found
