"""The cards of the first page of the admin."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.formats import number_format, time_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.models import Campaign, MarginFloor
from loyalty_project.core import access, clock, tenancy
from loyalty_project.core.admin import display, moments
from loyalty_project.core.admin.dashboard import Card, Figure, Figures, LineChart, Series, Table
from loyalty_project.core.models import Project, WebhookEndpoint
from redemptions.models import Order, Redemption
from reporting.reports import gift_cards, ledger_alerts, numbers, safety, webhooks
from rewards.models import LedgerEntry


def cards(request: HttpRequest) -> list[Card]:
    """What the person may see of the chosen project, as of now."""
    return cards_of(tenancy.current_project(), request.user, at=clock.now())


def cards_of(project: Project, user: Any, *, at: datetime) -> list[Card]:
    """At most ten queries; cards of what the person may not view are left out."""
    figures: list[Figure] = []
    shown: list[Card] = [Figures(figures)]
    if access.can(user, "view", MarginFloor):
        shown += safety.alerts(at)
    if access.can(user, "view", WebhookEndpoint):
        shown += webhooks.alerts()
    if access.can(user, "view", Redemption):
        days = numbers.days(project, at)
        figures += _redemptions(project, days, at)
        shown.append(_chart(days))
    if access.can(user, "view", Order):
        figures.append(_orders(project, at))
    if access.can(user, "view", Campaign):
        figures.append(_campaigns(at))
        if access.can(user, "view", Redemption):
            shown.append(_top(project, at))
        shown.append(_ending(at))
    if access.can(user, "view", LedgerEntry):
        figures += _gift_cards(project)
        shown += ledger_alerts.alerts()
    return shown if figures else []


def _redemptions(project: Project, days: Sequence[numbers.Day], at: datetime) -> list[Figure]:
    today, week, before = days[-1], days[-7:], days[-14:-7]
    yesterday = numbers.succeeded_between(
        numbers.midnight(project, at, days_ago=1), at - timedelta(days=1)
    )
    used, used_before = (sum(day.succeeded for day in part) for part in (week, before))
    given, given_before = (sum(day.discount for day in part) for part in (week, before))
    url = _list("redemptions", "redemption")
    return [
        Figure(
            _("Redemptions today"),
            display.integer(today.succeeded),
            hint=_hint(
                _("yesterday by this time: {count} · as of {time}"),
                count=display.integer(yesterday),
                time=_clock(project, at),
            ),
            trend=numbers.change(today.succeeded, yesterday),
            url=url,
        ),
        Figure(
            _("Redemptions, 7 days"),
            display.integer(used),
            hint=_hint(_("7 days before: {count}"), count=display.integer(used_before)),
            trend=numbers.change(used, used_before),
            url=url,
        ),
        Figure(
            _("Discount given, 7 days"),
            display.money_of(given, project.currency),
            hint=_hint(
                _("7 days before: {amount}"),
                amount=display.money_of(given_before, project.currency),
            ),
            trend=numbers.change(given, given_before),
        ),
        Figure(
            _("Refused tries, 7 days"),
            display.integer(sum(day.refused for day in week)),
            hint=_hint(_("today: {count}"), count=display.integer(today.refused)),
        ),
    ]


def _orders(project: Project, at: datetime) -> Figure:
    found = numbers.orders(project, at)
    share = 0 if not found.total else 1_000_000 * found.with_code // found.total
    return Figure(
        _("Orders with a code, 7 days"),
        display.integer(found.with_code),
        hint=_hint(
            _("{share} of {count} paid orders"),
            share=display.percent_of(share // 10_000 * 10_000),
            count=display.integer(found.total),
        ),
        url=_list("redemptions", "order"),
    )


def _campaigns(at: datetime) -> Figure:
    found = numbers.campaigns(at)
    return Figure(
        _("Campaigns running"),
        display.integer(found.running),
        hint=_hint(
            ngettext("{count} begins later", "{count} begin later", found.scheduled),
            count=display.integer(found.scheduled),
        ),
        url=_list("campaigns", "campaign"),
    )


def _gift_cards(project: Project) -> list[Figure]:
    """Nothing where there is no card."""
    found = gift_cards.on_cards(project=project)
    if not found.cards:
        return []
    hint = ngettext("on {count} card", "on {count} cards", found.cards)
    return [
        Figure(
            _("Owed on gift cards"),
            display.money_of(found.amount, project.currency),
            hint=_hint(hint, count=display.integer(found.cards)),
            url=reverse("admin:reporting_gift_cards"),
        )
    ]


def _chart(days: Sequence[numbers.Day]) -> LineChart:
    labels = [moments.day(day.day) for day in days]
    succeeded = [(label, day.succeeded) for label, day in zip(labels, days, strict=True)]
    refused = [(label, day.refused) for label, day in zip(labels, days, strict=True)]
    return LineChart(
        _("Redemptions, last 30 days"),
        [Series(_("Succeeded"), succeeded), Series(_("Refused"), refused)],
        unit=_plain,
    )


def _top(project: Project, at: datetime) -> Table:
    rows = [
        [
            display.link_to(top.campaign),
            display.integer(top.redemptions),
            display.money_of(top.discount, project.currency),
        ]
        for top in numbers.top_campaigns(project, at)
    ]
    return Table(
        _("Top campaigns, last 30 days"),
        [_("Campaign"), _("Redemptions"), _("Discount given")],
        rows,
        empty=_("No code of a campaign was redeemed in the last 30 days."),
    )


def _ending(at: datetime) -> Table:
    rows = [
        [display.link_to(campaign), display.when_of(campaign.expires_at)]
        for campaign in numbers.ending_soon(at)
    ]
    return Table(
        _("Campaigns ending soon"),
        [_("Campaign"), _("Ends")],
        rows,
        empty=_("No campaign ends within the next 7 days."),
    )


def _hint(sentence: str, **values: Any) -> SafeString:
    """One piece, whatever stands in it: a figure sets its pieces apart."""
    return format_html("<span>{}</span>", format_html(sentence, **values))


def _plain(number: float) -> str:
    """Inside a drawing, where there is no room for markup."""
    return str(number_format(number, 0 if number == int(number) else 1))


def _clock(project: Project, at: datetime) -> str:
    return str(time_format(at.astimezone(ZoneInfo(project.timezone)).time(), "TIME_FORMAT"))


def _list(app: str, model: str) -> str:
    """The list page, empty where there is none."""
    try:
        return reverse(f"admin:{app}_{model}_changelist")
    except NoReverseMatch:
        return ""
