"""What the pages of campaigns say beside the form: state, numbers, the bar, links."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaigns.admin import costs, promises, tiers
from campaigns.models import Campaign, CampaignType, UsageDelta, Voucher
from loyalty_project.core import clock
from loyalty_project.core.admin import display
from loyalty_project.core.admin.work import state_of
from loyalty_project.core.models import AsyncAction, AsyncActionStatus

Figures = list[tuple[Any, Any]]
# Apps above add what they know of a campaign: functions from it to figures.
MORE: list[Callable[[Campaign], Figures]] = []
TONES = {
    "off": ("bad", "power-off"),
    "later": ("info", "clock"),
    "ended": ("quiet", "circle-x"),
    "on": ("good", "circle-check"),
}


class ArchiveFilter(admin.SimpleListFilter):
    """What ended long ago is left out, until somebody asks for it."""

    title = gettext_lazy("archive")
    parameter_name = "archive"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        del request, model_admin
        return [("only", gettext_lazy("Archived")), ("too", gettext_lazy("Archived too"))]

    def choices(self, changelist: Any) -> Iterator[Any]:
        first, *others = super().choices(changelist)
        yield {**first, "display": _("Not archived")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        del request
        if self.value() == "too":
            return queryset
        return queryset.filter(archived_at__isnull=self.value() != "only")


@admin.display(description=gettext_lazy("State"), ordering="active")
def state(campaign: Campaign) -> Any:
    now = clock.now()
    if not campaign.active:
        return display.badge_of("off", TONES, _("Off"))
    if campaign.starts_at is not None and campaign.starts_at > now:
        return display.badge_of("later", TONES, _("Not started"))
    if campaign.archived_at is not None:
        return display.badge_of("ended", TONES, _("Archived"))
    if campaign.expires_at is not None and campaign.expires_at <= now:
        return display.badge_of("ended", TONES, _("Ended"))
    return display.badge_of("on", TONES, _("Running"))


@admin.display(description=gettext_lazy("Gives"))
def discount(campaign: Campaign) -> Any:
    return promises.of_row(campaign)


@admin.display(description=gettext_lazy("Format"))
def code_format(campaign: Campaign) -> Any:
    config = (campaign.voucher_template or {}).get("code_config") or {}
    parts = (config.get(name, "") for name in ("prefix", "pattern", "postfix"))
    return display.code_of("".join(parts))


def of_campaign(campaign: Campaign) -> Figures:
    promotion = campaign.campaign_type == CampaignType.PROMOTION
    figures = tiers.figures(campaign) if promotion else _of_codes(campaign)
    if campaign.campaign_type != CampaignType.GIFT_VOUCHERS:
        figures.append((_("Costs at most"), costs.total(campaign)))
    return figures + [figure for more in MORE for figure in more(campaign)]


def _of_codes(campaign: Campaign) -> Figures:
    codes = Voucher.objects.filter(campaign=campaign, deleted_at__isnull=True)
    counts = codes.aggregate(
        published=Count("pk", filter=Q(publish_count__gt=0)), redeemed=Sum("redeemed_count")
    )
    waiting = UsageDelta.objects.filter(voucher__campaign=campaign).aggregate(n=Sum("count"))
    return [
        (_("Codes"), display.integer(campaign.vouchers_count)),
        (_("Published"), display.integer(counts["published"])),
        (_("Redeemed"), display.integer((counts["redeemed"] or 0) + (waiting["n"] or 0))),
        (_("Gives"), discount(campaign)),
    ]


def switch_effects(campaigns: QuerySet[Campaign], *, on: bool) -> list[str]:
    """In numbers, for the page that asks."""
    turned = campaigns.filter(active=not on)
    promotions = turned.filter(campaign_type=CampaignType.PROMOTION)
    found = tiers.switch_effects(tiers.of(promotions), on=on) if promotions.exists() else []
    if found and not turned.exclude(campaign_type=CampaignType.PROMOTION).exists():
        return found
    codes = turned.aggregate(n=Sum("vouchers_count"))["n"] or 0
    if on:
        text = ngettext("%(n)s code works again at once.", "%(n)s codes work again at once.", codes)
        return [text % {"n": f"{codes:,}"}, *found]
    text = ngettext(
        "%(n)s code stops working at once, in every shop and channel.",
        "%(n)s codes stop working at once, in every shop and channel.",
        codes,
    )
    return [
        text % {"n": f"{codes:,}"},
        *found[:1],
        _("What was redeemed stays redeemed. Codes and their history stay; switch on to resume."),
    ]


def links(*, campaign: Campaign) -> list[tuple[Any, str]]:
    query = f"?campaign__id__exact={campaign.pk}"
    asked = f"?campaign={campaign.pk}"
    apart = [
        *link(_("What would it have done?"), "redemptions_redemption_replay", asked),
        *link(_("Compare"), "campaigns_campaign_compare", asked),
    ]
    if campaign.campaign_type == CampaignType.PROMOTION:
        return [
            *link(_("Promotion tiers"), "campaigns_promotiontier_changelist", query),
            *link(_("Promotion stacks"), "campaigns_promotionstack_changelist", query),
            *link(_("Redemptions"), "redemptions_redemption_changelist", query),
            *apart,
        ]
    return [
        *link(_("Codes"), "campaigns_voucher_changelist", query),
        *link(_("Publications"), "campaigns_publication_changelist", query),
        *link(_("Redemptions"), "redemptions_redemption_changelist", query),
        *apart,
    ]


def link(label: str, route: str, query: str) -> list[tuple[Any, str]]:
    """A link to a list, where that list exists."""
    try:
        return [(label, reverse(f"admin:{route}") + query)]
    except NoReverseMatch:
        return []


def generation(campaign: Campaign) -> dict[str, Any] | None:
    """The bar of work under way, or the report of the last one where that failed."""
    found = AsyncAction.objects.filter(subject=campaign.public_id).order_by("-pk").first()
    if found is None or found.status == AsyncActionStatus.DONE:
        return None
    return {
        "title": _("Codes under way"),
        "state": state_of(found),
        "state_url": reverse("admin:core_asyncaction_state", args=[found.pk]),
        "page_url": reverse("admin:core_asyncaction_change", args=[found.pk]),
        "message": (found.result or {}).get("message", ""),
    }
