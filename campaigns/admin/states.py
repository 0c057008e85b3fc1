"""Whether a code works now, and why not: asked of the engine, as a redemption would."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaigns import queries, sentences, snapshots
from campaigns.admin import promises, words
from campaigns.engine import checks
from campaigns.engine.context import Context
from campaigns.engine.results import Reason
from campaigns.models import Voucher
from loyalty_project.core import clock, tenancy
from loyalty_project.core.admin import display

TONES = {
    "works": ("good", "circle-check"),
    "voucher_disabled": ("bad", "power-off"),
    "campaign_not_active": ("bad", "power-off"),
    "voucher_not_active": ("info", "clock"),
    "voucher_expired": ("quiet", "circle-x"),
    "voucher_not_active_now": ("warn", "clock"),
    "quantity_exceeded": ("quiet", "check"),
    "gift_amount_exceeded": ("quiet", "wallet"),
    "held": ("warn", "lock"),
}
WORDS = {
    "works": gettext_lazy("Works"),
    "voucher_disabled": gettext_lazy("Off"),
    "campaign_not_active": gettext_lazy("Campaign off"),
    "voucher_not_active": gettext_lazy("Not started"),
    "voucher_expired": gettext_lazy("Ended"),
    "voucher_not_active_now": gettext_lazy("Not at this hour"),
    "quantity_exceeded": gettext_lazy("Used up"),
    "gift_amount_exceeded": gettext_lazy("Empty"),
    "held": gettext_lazy("All held"),
}


def reason_of(voucher: Voucher) -> Reason | None:
    """Why the code would be refused now; None when it works."""
    account = voucher.account
    asked = snapshots.redeemable(
        voucher,
        redeemed=queries.redeemed_of(voucher),
        balance=account.balance - account.held if account is not None else 0,
        held=snapshots.Held(voucher.held_count, account.held if account is not None else 0),
    )
    zone = ZoneInfo(tenancy.current_project().timezone)
    context = Context(at=clock.now(), time_zone=zone, redeemables=(asked,))
    return checks.first_refusal(asked, context, None)


@admin.display(description=gettext_lazy("State"), ordering="active")
def state(voucher: Voucher) -> Any:
    reason = reason_of(voucher)
    key = reason.key if reason else "works"
    if reason is not None and reason.details.get("held"):
        key = "held"
    return display.badge_of(key, TONES, WORDS.get(key))


@admin.display(description=gettext_lazy("Why"))
def why(voucher: Voucher) -> str:
    reason = reason_of(voucher)
    if reason is None:
        return _("A redemption now would be accepted.")
    return sentences.why(reason, words.here())


@admin.display(description=gettext_lazy("Gives"))
def discount(voucher: Voucher) -> Any:
    return promises.of_row(voucher)


@admin.display(description=gettext_lazy("Redeemed"), ordering="redeemed_count")
def num_redeemed(voucher: Voucher) -> Any:
    used = display.integer(queries.redeemed_of(voucher))
    if voucher.redemption_limit is None:
        return used
    limit = display.integer(voucher.redemption_limit)
    return format_html('<bdi dir="ltr" class="num">{} / {}</bdi>', used, limit)


def held(voucher: Voucher) -> list[tuple[Any, Any]]:
    """The uses that sessions hold, where there are any."""
    if not voucher.held_count:
        return []
    return [(_("Held"), display.integer(voucher.held_count))]


def publications_of(voucher: Voucher) -> Any:
    """The last ten, as a table."""
    found = queries.publications_of(voucher).order_by("-created_at")[:10]
    rows = [
        (display.when_of(row.created_at), display.link_to(row.customer), row.channel)
        for row in found
    ]
    if not rows:
        return format_html("<p>{}</p>", _("Nobody has been given this code."))
    return display.table([_("When"), _("Customer"), _("Channel")], rows)


def switch_effects(vouchers: QuerySet[Voucher], *, on: bool) -> list[str]:
    number = vouchers.filter(active=not on).count()
    values = {"n": f"{number:,}"}
    if on:
        text = ngettext("%(n)s code is switched on.", "%(n)s codes are switched on.", number)
        return [text % values]
    text = ngettext(
        "%(n)s code stops working at once, in every shop and channel.",
        "%(n)s codes stop working at once, in every shop and channel.",
        number,
    )
    return [text % values, _("What was redeemed stays redeemed; switch on to resume.")]


class StateFilter(admin.SimpleListFilter):
    """By columns alone, so that it stays quick on many codes."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        del request, model_admin
        return [
            ("on", gettext_lazy("On")),
            ("off", gettext_lazy("Off")),
            ("ended", gettext_lazy("Ended")),
            ("used", gettext_lazy("Used up")),
            ("free", gettext_lazy("Never given")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        del request
        conditions = {
            "on": Q(active=True),
            "off": Q(active=False),
            "ended": Q(expires_at__lte=clock.now()),
            "used": Q(redeemed_count__gte=F("redemption_limit")),
            "free": Q(publish_count=0),
        }
        return queryset.filter(conditions.get(str(self.value()), Q()))
