"""What was counted: uses and budgets of campaigns, and the past of customers."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaigns.engine.counters import Measure, Period, Scope
from campaigns.engine.history import LIFETIME
from campaigns.engine.rules.counted import API_KEY, CUSTOMER, USER, Counted
from campaigns.sentences import dates
from campaigns.sentences.words import Words, number
from loyalty_project.core import durations

_AMOUNTS = frozenset({Measure.DISCOUNT, Measure.ORDERS})


def is_amount(measure: Measure) -> bool:
    return measure in _AMOUNTS


def is_secret(kept: Counted) -> bool:
    """Whether it is about budgets or about who works in the shop."""
    return is_amount(kept.measure) or kept.per in _PER_CALLER


def at_most(kept: Counted, value: int, words: Words, scope_id: str = "") -> str:
    """`at most 500 uses of the campaign per day`; the value is in."""
    per = _AT_MOST[kept.per, kept.period] if kept.per in {"", CUSTOMER} else _PER_CALLER[kept.per]
    return str(per % {"what": _what(kept, value, words, scope_id)})


def noun(kept: Counted) -> str:
    """`the number of uses of the campaign per day`."""
    text = str(_NOUNS[kept.measure, kept.scope, kept.per])
    return str(_IN_PERIOD[kept.period] % {"fact": text}) if kept.period in _IN_PERIOD else text


def noun_of_past(name: str, given: str, words: Words) -> str:
    """`the number of the customer's orders in the last 6 months`."""
    window, _separator, campaign = given.partition(";")
    values = {"window": within(window), "campaign": words.name(campaign)}
    return str((_OF_CAMPAIGN if campaign else _PAST)[name] % values)


def nothing_yet(name: str, given: str, words: Words) -> str:
    """The same where it must be zero: `the customer must not have used any code this year`."""
    window, _separator, campaign = given.partition(";")
    values = {"window": within(window), "campaign": words.name(campaign)}
    return str((_NOTHING_OF_CAMPAIGN if campaign else _NOTHING)[name] % values)


def within(window: str) -> str:
    """`in the last 6 months`, `this year`, `so far`."""
    if window == LIFETIME:
        return _("so far")
    if window in _CALENDAR:
        return str(_CALENDAR[window])
    return _("in the last %(duration)s") % {"duration": dates.length(durations.parse(window))}


def _what(kept: Counted, value: int, words: Words, scope_id: str) -> str:
    values = {"n": number(value), "amount": words.amount(value), "budget": words.name(scope_id)}
    if kept.measure == Measure.DISCOUNT:
        return str(_DISCOUNTS[kept.scope] % values)
    if kept.measure == Measure.ORDERS:
        return str(_ORDERS[kept.scope] % values)
    texts = _uses if kept.measure == Measure.REDEMPTIONS else _customers
    return texts(kept.scope, value) % values


def _uses(scope: Scope, n: int) -> str:
    return {
        Scope.REDEEMABLE: ngettext("%(n)s use", "%(n)s uses", n),
        Scope.CAMPAIGN: ngettext("%(n)s use of the campaign", "%(n)s uses of the campaign", n),
        Scope.BUDGET: ngettext(
            "%(n)s use from the budget %(budget)s", "%(n)s uses from the budget %(budget)s", n
        ),
        Scope.PROJECT: ngettext("%(n)s use of all offers", "%(n)s uses of all offers", n),
    }[scope]


def _customers(scope: Scope, n: int) -> str:
    return {
        Scope.REDEEMABLE: ngettext("%(n)s customer", "%(n)s customers", n),
        Scope.CAMPAIGN: ngettext(
            "%(n)s customer of the campaign", "%(n)s customers of the campaign", n
        ),
        Scope.BUDGET: ngettext(
            "%(n)s customer of the budget %(budget)s", "%(n)s customers of the budget %(budget)s", n
        ),
        Scope.PROJECT: ngettext("%(n)s customer of all offers", "%(n)s customers of all offers", n),
    }[scope]


_DISCOUNTS: Mapping[Scope, Promise] = {
    Scope.REDEEMABLE: gettext_lazy("%(amount)s of discount"),
    Scope.CAMPAIGN: gettext_lazy("%(amount)s of discount by the campaign"),
    Scope.BUDGET: gettext_lazy("%(amount)s of discount from the budget %(budget)s"),
    Scope.PROJECT: gettext_lazy("%(amount)s of discount by all offers"),
}
_ORDERS: Mapping[Scope, Promise] = {
    Scope.REDEEMABLE: gettext_lazy("%(amount)s of orders"),
    Scope.CAMPAIGN: gettext_lazy("%(amount)s of orders with the campaign"),
    Scope.BUDGET: gettext_lazy("%(amount)s of orders for the budget %(budget)s"),
    Scope.PROJECT: gettext_lazy("%(amount)s of orders with any offer"),
}
_AT_MOST: Mapping[tuple[str, Period], Promise] = {
    ("", Period.ALWAYS): gettext_lazy("at most %(what)s"),
    ("", Period.DAY): gettext_lazy("at most %(what)s per day"),
    ("", Period.WEEK): gettext_lazy("at most %(what)s per week"),
    ("", Period.MONTH): gettext_lazy("at most %(what)s per month"),
    ("", Period.YEAR): gettext_lazy("at most %(what)s per year"),
    (CUSTOMER, Period.ALWAYS): gettext_lazy("at most %(what)s per customer"),
    (CUSTOMER, Period.DAY): gettext_lazy("at most %(what)s per customer and day"),
    (CUSTOMER, Period.WEEK): gettext_lazy("at most %(what)s per customer and week"),
    (CUSTOMER, Period.MONTH): gettext_lazy("at most %(what)s per customer and month"),
    (CUSTOMER, Period.YEAR): gettext_lazy("at most %(what)s per customer and year"),
}
_PER_CALLER: Mapping[str, Promise] = {
    API_KEY: gettext_lazy("at most %(what)s per API key"),
    USER: gettext_lazy("at most %(what)s per member of staff"),
}
_NOUNS: Mapping[tuple[Measure, Scope, str], Promise] = {
    (Measure.REDEMPTIONS, Scope.CAMPAIGN, ""): gettext_lazy("the number of uses of the campaign"),
    (Measure.CUSTOMERS, Scope.CAMPAIGN, ""): gettext_lazy(
        "the number of customers of the campaign"
    ),
    (Measure.ORDERS, Scope.CAMPAIGN, ""): gettext_lazy("the amount of orders with the campaign"),
    (Measure.DISCOUNT, Scope.CAMPAIGN, ""): gettext_lazy("the amount of discount by the campaign"),
    (Measure.REDEMPTIONS, Scope.REDEEMABLE, ""): gettext_lazy("the number of uses"),
    (Measure.REDEMPTIONS, Scope.REDEEMABLE, CUSTOMER): gettext_lazy(
        "the number of uses by the customer"
    ),
    (Measure.REDEMPTIONS, Scope.REDEEMABLE, API_KEY): gettext_lazy(
        "the number of uses by the API key"
    ),
    (Measure.REDEMPTIONS, Scope.REDEEMABLE, USER): gettext_lazy(
        "the number of uses by the member of staff"
    ),
    (Measure.REDEMPTIONS, Scope.CAMPAIGN, CUSTOMER): gettext_lazy(
        "the number of uses of the campaign by the customer"
    ),
}
_IN_PERIOD: Mapping[Period, Promise] = {
    Period.DAY: gettext_lazy("%(fact)s per day"),
    Period.WEEK: gettext_lazy("%(fact)s per week"),
    Period.MONTH: gettext_lazy("%(fact)s per month"),
    Period.YEAR: gettext_lazy("%(fact)s per year"),
}
_CALENDAR: Mapping[str, Promise] = {
    "today": gettext_lazy("today"),
    "this_month": gettext_lazy("this month"),
    "this_year": gettext_lazy("this year"),
    "last_month": gettext_lazy("last month"),
    "last_year": gettext_lazy("last year"),
}
_PAST: Mapping[str, Promise] = {
    "wafa.customer.orders": gettext_lazy("the number of the customer's orders %(window)s"),
    "wafa.customer.orders_with": gettext_lazy(
        "the number of the customer's orders with %(campaign)s %(window)s"
    ),
    "wafa.customer.spend": gettext_lazy("the amount that the customer has spent %(window)s"),
    "wafa.customer.redemptions": gettext_lazy(
        "the number of offers that the customer has used %(window)s"
    ),
    "wafa.customer.other_redemptions": gettext_lazy(
        "the number of other offers that the customer has used %(window)s"
    ),
}
_REDEMPTIONS_OF = gettext_lazy(
    "the number of the customer's uses of the campaign %(campaign)s %(window)s"
)
_OF_CAMPAIGN: Mapping[str, Promise] = {
    **_PAST,
    "wafa.customer.redemptions": _REDEMPTIONS_OF,
    "wafa.customer.other_redemptions": _REDEMPTIONS_OF,
}
_NOTHING: Mapping[str, Promise] = {
    "wafa.customer.orders": gettext_lazy("the customer must not have ordered %(window)s"),
    "wafa.customer.orders_with": gettext_lazy(
        "the customer must not have ordered %(campaign)s %(window)s"
    ),
    "wafa.customer.spend": gettext_lazy("the customer must not have spent anything %(window)s"),
    "wafa.customer.redemptions": gettext_lazy(
        "the customer must not have used any offer %(window)s"
    ),
    "wafa.customer.other_redemptions": gettext_lazy(
        "the customer must not have used any other offer %(window)s"
    ),
}
_NOT_OF_CAMPAIGN = gettext_lazy(
    "the customer must not have used the campaign %(campaign)s %(window)s"
)
_NOTHING_OF_CAMPAIGN: Mapping[str, Promise] = {
    **_NOTHING,
    "wafa.customer.redemptions": _NOT_OF_CAMPAIGN,
    "wafa.customer.other_redemptions": _NOT_OF_CAMPAIGN,
}
