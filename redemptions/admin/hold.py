"""Who holds what: the page of holds, and a panel on those of campaigns, codes and tiers."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from campaigns.admin import beside
from campaigns.models import Campaign, PromotionTier
from loyalty_project.core import access, clock
from loyalty_project.core.admin import actions, base, display
from redemptions.admin.resources import HoldResource
from redemptions.models import Hold
from redemptions.queries import holds
from redemptions.services import releases

LIST = "admin:redemptions_hold_changelist"
SHOWN = 10


@admin.display(description=_("Of"))
def what(hold: Hold) -> Any:
    """The code or promotion tier."""
    if hold.voucher is not None:
        return display.code_link(hold.voucher, hold.voucher.code)
    return display.link_to(hold.promotion_tier)


@admin.display(description=_("Keeps"))
def kept(hold: Hold) -> Any:
    """An amount of a card, else a use; what has no limit keeps nothing from others."""
    if hold.account_id is not None:
        return display.money_of(hold.credits)
    if hold.quantity or hold.uses:
        return gettext("One use")
    return gettext("Nothing, for it has no limit")


@admin.display(description=_("Customer"), ordering="customer")
def who(hold: Hold) -> Any:
    return display.link_to(hold.customer)


@admin.register(Hold)
class HoldAdmin(base.ReadOnlyAdmin):
    icon = "lock"
    resource_classes = [HoldResource]
    list_display = [
        display.code("session_key", _("Session")),
        what,
        display.link("campaign"),
        who,
        kept,
        display.when("created_at", _("Since")),
        display.when("expires_at", _("Until")),
    ]
    list_select_related = ["voucher", "promotion_tier", "campaign", "customer"]
    list_filter = ["campaign", "expires_at"]
    search_fields = ["session_key__startswith"]
    search_help_text = _("The beginning of the key of a session.")
    ordering = ["-created_at", "-pk"]
    fields = [
        display.code("session_key", _("Session")),
        what,
        display.link("campaign"),
        who,
        display.text_ltr("tracking_id"),
        kept,
        display.when("created_at", _("Since")),
        display.when("expires_at", _("Until")),
    ]
    readonly_fields = fields
    page_buttons = ["release"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Hold]:
        """Without those that are in nobody's way any more."""
        found: QuerySet[Hold] = super().get_queryset(request).filter(expires_at__gt=clock.now())
        return found

    @actions.button(_("Release"), icon="undo-2", permission="release", confirm=True, danger=True)
    def release(self, request: Any, obj: Hold, data: dict[str, Any]) -> HttpResponseRedirect:
        del data
        releases.release_hold(project=request.project, hold=obj, at=clock.now())
        says = gettext("What the session %(key)s held is free again.")
        messages.success(request, says % {"key": obj.session_key})
        return HttpResponseRedirect(display.url_of(obj.voucher) or reverse(LIST))

    def release_effects(self, request: HttpRequest, obj: Hold) -> list[Any]:
        del request
        row = obj.voucher or obj.promotion_tier
        return [
            gettext("Others can use what the session keeps of %(what)s at once.") % {"what": row},
            gettext(
                "The session can still use it while there is something left; an order that is"
                " being paid may then be refused."
            ),
        ]


def panels(request: HttpRequest, obj: beside.Row) -> beside.Panels:
    """The newest holds, nothing where there are none or for who may not see them."""
    if not access.can(request.user, "view", Hold):
        return []
    name = "voucher"
    if isinstance(obj, Campaign):
        name = "campaign"
    elif isinstance(obj, PromotionTier):
        name = "promotion_tier"
    rows = holds.live(at=clock.now()).filter(**{name: obj})
    found = list(rows[: SHOWN + 1])
    if not found:
        return []
    may_release = access.can(request.user, "release", Hold)
    cells = [
        (
            display.code_link(hold, hold.session_key),
            *((what(hold),) if name == "campaign" else ()),
            who(hold),
            kept(hold),
            display.when_of(hold.expires_at),
            *((_release_link(hold),) if may_release else ()),
        )
        for hold in found[:SHOWN]
    ]
    of = (gettext("Of"),) if name == "campaign" else ()
    heads = [gettext("Session"), *of, gettext("Customer"), gettext("Keeps"), gettext("Until")]
    heads += [gettext("Release")] if may_release else []
    table = display.table(heads, cells)
    if len(found) > SHOWN:
        query = urlencode({f"{name}__id__exact": obj.pk})
        count = rows.count()
        says = ngettext("All %(n)s hold", "All %(n)s holds", count) % {"n": f"{count:,}"}
        table = format_html('{}<p><a href="{}?{}">{}</a></p>', table, reverse(LIST), query, says)
    return [(gettext("Held by sessions"), table)]


def _release_link(hold: Hold) -> Any:
    """To the question before it."""
    url = reverse("admin:redemptions_hold_do", args=[hold.pk, "release"])
    return format_html('<a href="{}">{}</a>', url, gettext("Release"))


beside.MORE.append(panels)
