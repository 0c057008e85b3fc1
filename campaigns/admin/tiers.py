"""What pages say of promotion tiers: state, discount, and the lists on the page of a promotion."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaigns.admin import promises
from campaigns.models import Campaign, PromotionStack, PromotionTier
from campaigns.queries import promotions as promotion_queries
from campaigns.services import availability
from loyalty_project.core import access, clock, tenancy
from loyalty_project.core.admin import display

Figures = list[tuple[Any, Any]]
# Apps above add what they know of a tier: functions from it to figures.
MORE: list[Callable[[PromotionTier], Figures]] = []
TONES = {
    "off": ("bad", "power-off"),
    "campaign_off": ("bad", "power-off"),
    "later": ("info", "clock"),
    "ended": ("quiet", "circle-x"),
    "paused": ("warn", "clock"),
    "on": ("good", "circle-check"),
}
WORDS = {
    "off": gettext_lazy("Off"),
    "campaign_off": gettext_lazy("Campaign off"),
    "later": gettext_lazy("Not started"),
    "ended": gettext_lazy("Ended"),
    "paused": gettext_lazy("Not at this hour"),
    "on": gettext_lazy("Running"),
}


@admin.display(description=gettext_lazy("State"), ordering="active")
def state(tier: PromotionTier) -> SafeString:
    key = _state_of(tier)
    return display.badge_of(key, TONES, WORDS[key])


def _state_of(tier: PromotionTier) -> str:
    if not tier.active:
        return "off"
    if not tier.campaign.active:
        return "campaign_off"
    now, rows = clock.now(), (tier, tier.campaign)
    if any(row.starts_at is not None and row.starts_at > now for row in rows):
        return "later"
    if any(row.expires_at is not None and row.expires_at <= now for row in rows):
        return "ended"
    project = tenancy.current_project()
    is_its_time = availability.is_its_time(project=project, tier=tier, at=now)
    return "on" if is_its_time else "paused"


@admin.display(description=gettext_lazy("Discount"))
def discount(tier: PromotionTier) -> SafeString:
    return promises.of_row(tier)


@admin.display(description=gettext_lazy("Promotion tiers"))
def sequence(stack: PromotionStack) -> SafeString:
    """The tiers of a stack, the first one first."""
    names = ((place.tier.name,) for place in stack.places.all())
    return format_html('<ol class="inline">{}</ol>', format_html_join("", "<li>{}</li>", names))


def of(campaigns: Iterable[Campaign]) -> QuerySet[PromotionTier]:
    found: QuerySet[PromotionTier] = PromotionTier.objects.filter(
        campaign__in=campaigns, deleted_at__isnull=True
    )
    return found


def number_of(campaigns: Iterable[Campaign]) -> int:
    return of(campaigns).count()


def figures_of(tier: PromotionTier) -> Figures:
    own = [(_("Discount"), discount(tier)), (_("Campaign"), display.link_to(tier.campaign))]
    return own + [figure for more in MORE for figure in more(tier)]


def figures(campaign: Campaign) -> Figures:
    rows = of([campaign])
    return [
        (_("Promotion tiers"), display.integer(rows.count())),
        (_("Tiers that are on"), display.integer(rows.filter(active=True).count())),
    ]


def switch_effects(tiers: QuerySet[PromotionTier], *, on: bool) -> list[str]:
    """In numbers, for the page that asks."""
    number = tiers.count()
    values = {"n": f"{number:,}"}
    if on:
        text = ngettext(
            "%(n)s promotion tier is given again at once.",
            "%(n)s promotion tiers are given again at once.",
            number,
        )
        return [text % values]
    text = ngettext(
        "%(n)s promotion tier is given to nobody from this moment, in every shop and channel.",
        "%(n)s promotion tiers are given to nobody from this moment, in every shop and channel.",
        number,
    )
    return [text % values, _("What was redeemed stays redeemed; switch on to resume.")]


def panels(request: HttpRequest, campaign: Campaign) -> list[tuple[Any, SafeString]]:
    """The tiers of a promotion in their sequence and its stacks, with what one may do to them."""
    return [
        (_("Promotion tiers"), _tiers(request, campaign)),
        (_("Promotion stacks"), _stacks(request, campaign)),
    ]


def _tiers(request: HttpRequest, campaign: Campaign) -> SafeString:
    may_switch = access.can(request.user, "change", PromotionTier)
    found = list(promotion_queries.of_campaign(campaign))
    promises.look_up(found)
    rows = [
        (
            display.integer(tier.hierarchy),
            _named(tier, tier.banner),
            discount(tier),
            state(tier),
            _switch(tier) if may_switch else "",
        )
        for tier in found
    ]
    headers = [_("Hierarchy"), _("Tier"), _("Discount"), _("State"), _("Act")]
    return _listed(
        request,
        campaign,
        PromotionTier,
        display.table(headers if may_switch else headers[:-1], rows),
        is_empty=not rows,
        says=_("Nothing is given yet: a promotion gives what its tiers say."),
        add=_("Add a tier"),
    )


def _stacks(request: HttpRequest, campaign: Campaign) -> SafeString:
    found = promotion_queries.stacks().filter(campaign=campaign).order_by("name", "pk")
    rows = [(display.link_to(stack), sequence(stack)) for stack in found]
    return _listed(
        request,
        campaign,
        PromotionStack,
        display.table([_("Stack"), _("Promotion tiers")], rows),
        is_empty=not rows,
        says=_("A stack gives several tiers together, in a sequence of your choice."),
        add=_("Add a stack"),
    )


def _listed(
    request: HttpRequest,
    campaign: Campaign,
    model: Any,
    table: SafeString,
    *,
    is_empty: bool,
    says: str,
    add: str,
) -> SafeString:
    """The table, or what to do where it is empty; and the link by which one is added."""
    body = format_html('<p class="muted">{}</p>', says) if is_empty else table
    if not access.can(request.user, "add", model):
        return body
    url = reverse(f"admin:campaigns_{model._meta.model_name}_add")
    return format_html(
        '{}<div class="row-of-buttons"><a class="button second" href="{}?campaign={}">{}{}</a>'
        "</div>",
        body,
        url,
        campaign.pk,
        display.icon("plus"),
        add,
    )


def _named(tier: PromotionTier, banner: str) -> SafeString:
    if not banner:
        return display.link_to(tier)
    return format_html('{}<br><bdi class="muted">{}</bdi>', display.link_to(tier), banner)


def _switch(tier: PromotionTier) -> SafeString:
    """To the page that asks first. Screen readers hear which tier: they list links alone."""
    act = _("Disable") if tier.active else _("Enable")
    name = "turn_off" if tier.active else "turn_on"
    url = reverse("admin:campaigns_promotiontier_do", args=[tier.pk, name])
    return format_html('<a href="{}" aria-label="{}: {}">{}</a>', url, act, tier.name, act)
